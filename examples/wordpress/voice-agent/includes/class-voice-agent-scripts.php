<?php
/**
 * The scripts that bring the tag to life, and how they get past optimizers.
 *
 * @package Voice_Agent
 */

defined( 'ABSPATH' ) || exit;

/**
 * Prints two module scripts. A module cannot be part of a bundle of classic scripts, and one that is delayed until the
 * visitor moves leaves the tag without a face; so both say to every optimizer, in its own way, that they are to be left alone.
 *
 * They are printed here and not enqueued: WordPress knows modules since 6.5 only, with attributes of their own since 6.9, and what
 * is enqueued as a classic script is what optimizers bundle.
 */
class Voice_Agent_Scripts {

	/** Part of the address of every file of ours, by which optimizers leave something out. */
	const PATH = 'plugins/voice-agent/';

	/**
	 * Attributes that optimizers look at: Rocket Loader; LiteSpeed and others; WP Rocket and W3; Jetpack Boost; Autoptimize,
	 * SiteGround and Perfmatters by the words themselves.
	 */
	const EXEMPT = 'data-cfasync="false" data-no-optimize="1" data-no-defer="1" data-no-minify="1" data-jetpack-boost="ignore" data-noptimize="1" nowprocket';

	/** Lists of exceptions that are arrays: LiteSpeed, WP Rocket, SiteGround, Perfmatters. */
	const LISTS = array(
		'litespeed_optimize_js_excludes',
		'litespeed_optm_js_defer_exc',
		'litespeed_optm_gm_js_exc',
		'rocket_exclude_js',
		'rocket_exclude_defer_js',
		'rocket_delay_js_exclusions',
		'sgo_js_minify_exclude',
		'sgo_javascript_combine_exclude',
		'perfmatters_delay_js_exclusions',
	);

	/** The same as a text with commas: Autoptimize. */
	const TEXTS = array( 'autoptimize_filter_js_exclude' );

	/**
	 * Scripts of this page, by handle.
	 *
	 * @var array<string, string>
	 */
	private static $wanted = array();

	/**
	 * Hooks in.
	 */
	public static function register() {
		add_action( 'wp_footer', array( __CLASS__, 'print_scripts' ), 1 );
		foreach ( self::LISTS as $filter ) {
			add_filter( $filter, array( __CLASS__, 'except_in_list' ) );
		}
		foreach ( self::TEXTS as $filter ) {
			add_filter( $filter, array( __CLASS__, 'except_in_text' ) );
		}
		// Page Optimize bundles by handle; a page that enqueues ours itself must not lose them either.
		add_filter( 'js_do_concat', array( __CLASS__, 'except_by_handle' ), 10, 2 );
	}

	/**
	 * Asks for the scripts, on this page only.
	 */
	public static function enqueue() {
		$element      = Voice_Agent_Settings::get( 'strict_files' ) ? 'dist/strict/voice-agent.js' : 'dist/voice-agent.js';
		self::$wanted = array(
			'voice-agent-element' => $element,
			'voice-agent-view'    => 'assets/view.js',
		);
		// A block that is rendered after the footer has begun, as some builders do.
		if ( did_action( 'wp_footer' ) ) {
			self::print_scripts();
		}
	}

	/**
	 * Prints what is wanted, once.
	 */
	public static function print_scripts() {
		foreach ( self::$wanted as $handle => $file ) {
			$url = add_query_arg( 'ver', VOICE_AGENT_VERSION, plugins_url( $file, VOICE_AGENT_FILE ) );
			// phpcs:ignore WordPress.WP.EnqueuedResources.NonEnqueuedScript, WordPress.Security.EscapeOutput -- see above; a constant.
			printf( "<script type=\"module\" src=\"%s\" id=\"%s-js\" %s></script>\n", esc_url( $url ), esc_attr( $handle ), self::EXEMPT );
		}
		self::$wanted = array();
	}

	/**
	 * For lists.
	 *
	 * @param mixed $list Parts of addresses.
	 * @return mixed
	 */
	public static function except_in_list( $list ) {
		return is_array( $list ) ? array_merge( $list, array( self::PATH ) ) : $list;
	}

	/**
	 * For texts with commas.
	 *
	 * @param mixed $text Parts of addresses.
	 * @return mixed
	 */
	public static function except_in_text( $text ) {
		return is_string( $text ) ? trim( $text . ', ' . self::PATH, ', ' ) : $text;
	}

	/**
	 * For Page Optimize.
	 *
	 * @param bool   $concat Whether to put it into a bundle.
	 * @param string $handle Of the script.
	 * @return bool
	 */
	public static function except_by_handle( $concat, $handle ) {
		return 0 === strpos( $handle, 'voice-agent' ) ? false : $concat;
	}
}
