<?php
/**
 * Loads the element's scripts, and protects them from optimizers.
 *
 * @package Voice_Agent
 */

defined( 'ABSPATH' ) || exit;

/**
 * Prints two module scripts. A module cannot be part of a bundle of classic scripts, and if it is delayed until the
 * visitor moves, the tag has no UI until then. So both have the attributes by which optimizers skip a script.
 *
 * They are printed here, not enqueued. WordPress supports modules only since 6.5, and attributes on them since 6.9.
 * Optimizers bundle every enqueued classic script.
 */
class Voice_Agent_Scripts {

	/** Part of the URL of every file of the plugin, for the exclusion lists of optimizers. */
	const PATH = 'plugins/voice-agent/';

	/**
	 * Attributes that optimizers respect: Rocket Loader; LiteSpeed and others; WP Rocket and W3; Jetpack Boost.
	 * Autoptimize, SiteGround and Perfmatters search for these words.
	 */
	const EXEMPT = 'data-cfasync="false" data-no-optimize="1" data-no-defer="1" data-no-minify="1" data-jetpack-boost="ignore" data-noptimize="1" nowprocket';

	/** Filters for exclusion lists that are arrays: LiteSpeed, WP Rocket, SiteGround, Perfmatters. */
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

	/** A filter for a list that is a comma-separated string: Autoptimize. */
	const TEXTS = array( 'autoptimize_filter_js_exclude' );

	/**
	 * URLs of this page's scripts, by handle.
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
		// Page Optimize bundles by handle, also on pages that enqueue these scripts themselves.
		add_filter( 'js_do_concat', array( __CLASS__, 'except_by_handle' ), 10, 2 );
	}

	/**
	 * Requests the scripts for this page.
	 */
	public static function enqueue() {
		$element      = Voice_Agent_Settings::get( 'strict_files' ) ? 'dist/strict/voice-agent.js' : 'dist/voice-agent.js';
		self::$wanted = array(
			'voice-agent-element' => $element,
			'voice-agent-view'    => 'assets/view.js',
		);
		// Some builders render blocks after the footer has begun.
		if ( did_action( 'wp_footer' ) ) {
			self::print_scripts();
		}
	}

	/**
	 * Prints the requested scripts, once.
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
	 * Adds this plugin to an exclusion list.
	 *
	 * @param mixed $list Parts of URLs.
	 * @return mixed
	 */
	public static function except_in_list( $list ) {
		return is_array( $list ) ? array_merge( $list, array( self::PATH ) ) : $list;
	}

	/**
	 * Adds this plugin to a comma-separated exclusion list.
	 *
	 * @param mixed $text Parts of URLs.
	 * @return mixed
	 */
	public static function except_in_text( $text ) {
		return is_string( $text ) ? trim( $text . ', ' . self::PATH, ', ' ) : $text;
	}

	/**
	 * Excludes the scripts in Page Optimize.
	 *
	 * @param bool   $concat Whether to bundle the script.
	 * @param string $handle The script's handle.
	 * @return bool
	 */
	public static function except_by_handle( $concat, $handle ) {
		return 0 === strpos( $handle, 'voice-agent' ) ? false : $concat;
	}
}
