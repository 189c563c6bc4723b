<?php
/**
 * Settings → Voice Agent.
 *
 * @package Voice_Agent
 */

defined( 'ABSPATH' ) || exit;

/**
 * The settings form. WordPress' Settings API checks capability and nonce when it is sent.
 */
class Voice_Agent_Settings_Page {

	const PAGE = 'voice-agent';

	/**
	 * Hooks in.
	 */
	public static function register() {
		add_action( 'admin_menu', array( __CLASS__, 'add_page' ) );
		add_action( 'admin_init', array( __CLASS__, 'add_fields' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( VOICE_AGENT_FILE ), array( __CLASS__, 'add_link' ) );
	}

	/**
	 * URL of the page.
	 *
	 * @return string
	 */
	public static function url() {
		return add_query_arg( 'page', self::PAGE, admin_url( 'options-general.php' ) );
	}

	/**
	 * For `admin_menu`.
	 */
	public static function add_page() {
		$title = __( 'Voice Agent', 'voice-agent' );
		add_options_page( $title, $title, 'manage_options', self::PAGE, array( __CLASS__, 'print_page' ) );
	}

	/**
	 * Adds a link to the list of plugins.
	 *
	 * @param string[] $links The existing links.
	 * @return string[]
	 */
	public static function add_link( $links ) {
		$link = sprintf( '<a href="%s">%s</a>', esc_url( self::url() ), esc_html__( 'Settings', 'voice-agent' ) );
		return array_merge( array( $link ), $links );
	}

	/**
	 * For `admin_init`.
	 */
	public static function add_fields() {
		register_setting(
			self::PAGE,
			Voice_Agent_Settings::OPTION,
			array(
				'type'              => 'object',
				'sanitize_callback' => array( 'Voice_Agent_Settings', 'sanitize' ),
				'show_in_rest'      => false,
			)
		);
		foreach ( self::sections() as $section => list( $title, $fields ) ) {
			add_settings_section( $section, $title, '__return_null', self::PAGE );
			foreach ( $fields as $name => list( $label, $type, $help ) ) {
				add_settings_field(
					$name,
					$label,
					array( __CLASS__, 'print_field' ),
					self::PAGE,
					$section,
					array(
						'label_for' => 'voice-agent-' . $name,
						'name'      => $name,
						'type'      => $type,
						'help'      => $help,
					)
				);
			}
		}
	}

	/**
	 * The fields: label, type, help.
	 *
	 * @return array<string, array{string, array<string, array{string, string, string}>}>
	 */
	private static function sections() {
		return array(
			'agent'   => array(
				__( 'Agent', 'voice-agent' ),
				array(
					'api_key'  => array( __( 'API key', 'voice-agent' ), 'key', __( 'Stays on this server; pages get a token for each conversation. Safer: set VOICE_AGENT_API_KEY in wp-config.php or in the environment.', 'voice-agent' ) ),
					'agent_id' => array( __( 'Default agent', 'voice-agent' ), 'text', __( 'Id of an agent stored with the service, for blocks that define no agent.', 'voice-agent' ) ),
				),
			),
			'limits'  => array(
				__( 'Limits', 'voice-agent' ),
				array(
					'tokens_per_minute' => array( __( 'Conversations per minute', 'voice-agent' ), 'number', __( 'Limit for one visitor.', 'voice-agent' ) ),
					'tokens_in_all'     => array( __( 'Conversations per minute in total', 'voice-agent' ), 'number', __( 'Limit for all visitors together.', 'voice-agent' ) ),
					'session_seconds'   => array( __( 'Longest conversation', 'voice-agent' ), 'number', __( 'In seconds.', 'voice-agent' ) ),
					'token_seconds'     => array( __( 'Lifetime of a token', 'voice-agent' ), 'number', __( 'In seconds. A conversation must begin within this time.', 'voice-agent' ) ),
					'allowed_origins'   => array( __( 'Other allowed sites', 'voice-agent' ), 'lines', __( 'One origin per line, e.g. https://shop.example.com. This site itself is always allowed.', 'voice-agent' ) ),
				),
			),
			'service' => array(
				__( 'Files and addresses', 'voice-agent' ),
				array(
					'strict_files' => array( __( 'Strict files', 'voice-agent' ), 'checkbox', __( 'Load separate files, for sites whose Content-Security-Policy forbids blob:.', 'voice-agent' ) ),
					'token_url'    => array( __( 'Token address', 'voice-agent' ), 'url', __( 'Another server, for tests. Leave empty for the service itself.', 'voice-agent' ) ),
					'ws_url'       => array( __( 'Server address', 'voice-agent' ), 'url', __( 'The server that pages connect to, wss://…', 'voice-agent' ) ),
				),
			),
		);
	}

	/**
	 * One field.
	 *
	 * @param array{name: string, type: string, help: string} $field From `add_fields()`.
	 */
	public static function print_field( $field ) {
		$id    = 'voice-agent-' . $field['name'];
		$name  = Voice_Agent_Settings::OPTION . '[' . $field['name'] . ']';
		$value = 'key' === $field['type'] ? '' : Voice_Agent_Settings::get( $field['name'] );
		switch ( $field['type'] ) {
			case 'key':
				self::print_key_field( $id, $name );
				break;
			case 'checkbox':
				printf( '<input type="checkbox" id="%s" name="%s" value="1"%s>', esc_attr( $id ), esc_attr( $name ), checked( $value, true, false ) );
				break;
			case 'lines':
				printf( '<textarea id="%s" name="%s" rows="3" class="large-text code">%s</textarea>', esc_attr( $id ), esc_attr( $name ), esc_textarea( implode( "\n", $value ) ) );
				break;
			case 'number':
				list( $least, $most ) = Voice_Agent_Settings::LIMITS[ $field['name'] ];
				printf( '<input type="number" id="%s" name="%s" value="%s" min="%s" max="%s" class="small-text">', esc_attr( $id ), esc_attr( $name ), esc_attr( $value ), esc_attr( $least ), esc_attr( $most ) );
				break;
			default:
				printf( '<input type="text" id="%s" name="%s" value="%s" class="regular-text code">', esc_attr( $id ), esc_attr( $name ), esc_attr( $value ) );
		}
		printf( '<p class="description">%s</p>', esc_html( $field['help'] ) );
	}

	/**
	 * A field for the key, which never shows the saved key.
	 *
	 * @param string $id   The field's id.
	 * @param string $name The field's name.
	 */
	private static function print_key_field( $id, $name ) {
		if ( Voice_Agent_Settings::has_fixed_key() ) {
			echo '<p><strong>' . esc_html__( 'Set in wp-config.php or in the environment.', 'voice-agent' ) . '</strong></p>';
			return;
		}
		$is_saved = '' !== Voice_Agent_Settings::api_key();
		printf(
			'<input type="password" id="%s" name="%s" value="" class="regular-text" autocomplete="new-password" placeholder="%s">',
			esc_attr( $id ),
			esc_attr( $name ),
			esc_attr( $is_saved ? __( 'Saved; leave empty to keep it', 'voice-agent' ) : '' )
		);
		if ( $is_saved ) {
			printf(
				' <label><input type="checkbox" name="%s[remove_api_key]" value="1"> %s</label>',
				esc_attr( Voice_Agent_Settings::OPTION ),
				esc_html__( 'Remove the saved key', 'voice-agent' )
			);
		}
	}

	/**
	 * The page.
	 */
	public static function print_page() {
		if ( ! current_user_can( 'manage_options' ) ) {
			return;
		}
		echo '<div class="wrap"><h1>' . esc_html( get_admin_page_title() ) . '</h1><form action="options.php" method="post">';
		settings_fields( self::PAGE );
		do_settings_sections( self::PAGE );
		submit_button();
		echo '</form></div>';
	}
}
