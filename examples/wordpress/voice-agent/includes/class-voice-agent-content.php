<?php
/**
 * The block and the shortcode.
 *
 * @package Voice_Agent
 */

defined( 'ABSPATH' ) || exit;

/**
 * Two ways to insert the same tag.
 */
class Voice_Agent_Content {

	const BLOCK     = 'voice-agent/conversation';
	const SHORTCODE = 'voice_agent';

	/**
	 * Hooks in.
	 */
	public static function register() {
		add_action( 'init', array( __CLASS__, 'register_content' ) );
		add_action( 'enqueue_block_editor_assets', array( __CLASS__, 'tell_editor' ) );
	}

	/**
	 * For `init`.
	 */
	public static function register_content() {
		register_block_type( plugin_dir_path( VOICE_AGENT_FILE ) . 'block', array( 'render_callback' => array( __CLASS__, 'render_block' ) ) );
		add_shortcode( self::SHORTCODE, array( __CLASS__, 'render_shortcode' ) );
	}

	/**
	 * Renders the block for visitors.
	 *
	 * @param array<string, mixed> $attributes Those of block.json, with defaults.
	 * @return string
	 */
	public static function render_block( $attributes ) {
		$tag = Voice_Agent_Tag::render( $attributes );
		return '' === $tag ? '' : sprintf( '<div %s>%s</div>', get_block_wrapper_attributes(), $tag );
	}

	/**
	 * `[voice_agent greeting="Hello." text_input]`: the attributes of the block, in lower case with underscores.
	 *
	 * @param array<int|string, string>|string $given As parsed by WordPress.
	 * @return string
	 */
	public static function render_shortcode( $given ) {
		$given      = is_array( $given ) ? $given : array();
		$attributes = array();
		$block      = WP_Block_Type_Registry::get_instance()->get_registered( self::BLOCK );
		foreach ( $block->attributes as $name => $schema ) {
			if ( ! isset( $schema['default'] ) ) {
				continue; // WordPress' own, such as the alignment.
			}
			$written = strtolower( preg_replace( '/[A-Z]/', '_$0', $name ) );
			$value   = $given[ $written ] ?? ( in_array( $written, $given, true ) ? 'yes' : $schema['default'] );
			// A name without a value is a switch that is on.
			$attributes[ $name ] = 'boolean' === $schema['type'] ? filter_var( $value, FILTER_VALIDATE_BOOLEAN ) : (string) $value;
		}
		return Voice_Agent_Tag::render( $attributes );
	}

	/**
	 * Passes to the editor what it needs, but never the key.
	 */
	public static function tell_editor() {
		$facts  = array(
			'hasKey'       => '' !== Voice_Agent_Settings::api_key(),
			'defaultAgent' => Voice_Agent_Settings::get( 'agent_id' ),
			'settingsUrl'  => current_user_can( 'manage_options' ) ? Voice_Agent_Settings_Page::url() : '',
			'choices'      => Voice_Agent_Tag::CHOICES,
		);
		$handle = generate_block_asset_handle( self::BLOCK, 'editorScript' );
		wp_add_inline_script( $handle, 'window.voiceAgentEditor = ' . wp_json_encode( $facts ) . ';', 'before' );
		wp_set_script_translations( $handle, 'voice-agent' );
	}
}
