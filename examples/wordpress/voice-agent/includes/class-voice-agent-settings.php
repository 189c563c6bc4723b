<?php
/**
 * The settings of the plugin.
 *
 * @package Voice_Agent
 */

defined( 'ABSPATH' ) || exit;

/**
 * Reads and validates the settings.
 *
 * All settings are one option, an array. The list of all options (`wp-admin/options.php`) does not print arrays;
 * otherwise the key could be read there.
 */
class Voice_Agent_Settings {

	const OPTION = 'voice_agent_settings';

	const TOKEN_URL = 'https://agents.assemblyai.com/v1/token';
	const WS_URL    = 'wss://agents.assemblyai.com/v1/ws';

	/** Minimum and maximum of every number, by the service's limits or by sense. */
	const LIMITS = array(
		'tokens_per_minute' => array( 1, 600 ),
		'tokens_in_all'     => array( 1, 6000 ),
		'session_seconds'   => array( 60, 10800 ),
		'token_seconds'     => array( 1, 600 ),
	);

	/**
	 * The defaults.
	 *
	 * @return array<string, mixed>
	 */
	public static function defaults() {
		return array(
			'api_key'           => '',
			'agent_id'          => '',
			'allowed_origins'   => array(),
			'tokens_per_minute' => 6,
			'tokens_in_all'     => 100,
			'session_seconds'   => 900,
			'token_seconds'     => 60,
			'strict_files'      => false,
			'token_url'         => self::TOKEN_URL,
			'ws_url'            => self::WS_URL,
		);
	}

	/**
	 * One setting.
	 *
	 * @param string $name See `defaults()`.
	 * @return mixed
	 */
	public static function get( $name ) {
		$saved = get_option( self::OPTION );
		$all   = wp_parse_args( is_array( $saved ) ? $saved : array(), self::defaults() );
		return $all[ $name ];
	}

	/**
	 * The key, from the safest source that has one. Callers must not print it.
	 *
	 * @return string Empty if there is none.
	 */
	public static function api_key() {
		return self::fixed( 'VOICE_AGENT_API_KEY' ) ?? (string) self::get( 'api_key' );
	}

	/**
	 * Whether the key is set in wp-config.php or in the server's environment instead of the settings page.
	 *
	 * @return bool
	 */
	public static function has_fixed_key() {
		return null !== self::fixed( 'VOICE_AGENT_API_KEY' );
	}

	/**
	 * URL for new tokens. A key from outside the settings page must not be sent to an address that the page can change.
	 *
	 * @return string
	 */
	public static function token_url() {
		return self::fixed( 'VOICE_AGENT_TOKEN_URL' ) ?? ( self::has_fixed_key() ? self::TOKEN_URL : self::get( 'token_url' ) );
	}

	/**
	 * Whether the token address may be in the server's own network, as in tests. The administrator of one site in a
	 * multisite network cannot set such an address; wp-config.php and the environment can.
	 *
	 * @return bool
	 */
	public static function may_reach_own_network() {
		return ! is_multisite() || null !== self::fixed( 'VOICE_AGENT_TOKEN_URL' );
	}

	/**
	 * WebSocket URL that pages connect to.
	 *
	 * @return string
	 */
	public static function ws_url() {
		return self::fixed( 'VOICE_AGENT_WS_URL' ) ?? self::get( 'ws_url' );
	}

	/**
	 * A constant of wp-config.php, or a variable of the environment.
	 *
	 * @param string $name Name of the constant or variable.
	 * @return string|null
	 */
	private static function fixed( $name ) {
		$value = defined( $name ) ? constant( $name ) : getenv( $name );
		$value = is_string( $value ) ? trim( $value ) : '';
		return '' === $value ? null : $value;
	}

	/**
	 * Validates the form's input. Also accepts valid settings, because WordPress calls this twice for a new option.
	 *
	 * @param mixed $input The unvalidated input.
	 * @return array<string, mixed>
	 */
	public static function sanitize( $input ) {
		$input   = is_array( $input ) ? $input : array();
		$clean   = self::defaults();
		$origins = $input['allowed_origins'] ?? array();

		$clean['agent_id']        = sanitize_text_field( $input['agent_id'] ?? '' );
		$clean['allowed_origins'] = self::sanitize_origins( is_array( $origins ) ? $origins : preg_split( '/[\s,]+/', $origins ) );
		$clean['strict_files']    = ! empty( $input['strict_files'] );
		foreach ( self::LIMITS as $name => list( $least, $most ) ) {
			$value          = is_numeric( $input[ $name ] ?? null ) ? (int) $input[ $name ] : $clean[ $name ];
			$clean[ $name ] = max( $least, min( $most, $value ) );
		}
		$clean['token_url'] = self::sanitize_address( $input['token_url'] ?? '', 'https', self::TOKEN_URL );
		$clean['ws_url']    = self::sanitize_address( $input['ws_url'] ?? '', 'wss', self::WS_URL );
		$clean['api_key']   = self::sanitize_key( $input, $clean['token_url'] );
		return $clean;
	}

	/**
	 * An empty field keeps the saved key, because the form never contains it.
	 *
	 * @param array<string, mixed> $input     The unvalidated input.
	 * @param string               $token_url The new token address.
	 * @return string
	 */
	private static function sanitize_key( $input, $token_url ) {
		$given = trim( (string) ( $input['api_key'] ?? '' ) );
		if ( ! empty( $input['remove_api_key'] ) ) {
			return '';
		}
		if ( '' === $given ) {
			if ( self::get( 'token_url' ) === $token_url || '' === self::get( 'api_key' ) ) {
				return self::get( 'api_key' );
			}
			// Otherwise, anyone who may change the address could have the key sent to their own server.
			self::warn( __( 'The key was removed, because the token address has changed. Please enter the key again.', 'voice-agent' ) );
			return '';
		}
		if ( preg_match( '/^[\x21-\x7e]{1,500}$/', $given ) ) {
			return $given;
		}
		self::warn( __( 'This does not look like an API key. The previous key was kept.', 'voice-agent' ) );
		return self::get( 'api_key' );
	}

	/**
	 * Keeps valid origins: scheme, host and port, nothing else.
	 *
	 * @param string[] $origins The unvalidated lines.
	 * @return string[]
	 */
	private static function sanitize_origins( $origins ) {
		$kept = array();
		foreach ( array_filter( array_map( 'trim', $origins ) ) as $origin ) {
			$clean = Voice_Agent_Origin::of( $origin );
			if ( null === $clean ) {
				/* translators: %s: what was entered */
				self::warn( sprintf( __( '“%s” is not an origin. Enter it like https://www.example.com, without a path.', 'voice-agent' ), $origin ) );
			} else {
				$kept[] = $clean;
			}
		}
		return array_values( array_unique( $kept ) );
	}

	/**
	 * Validates an address. It must be encrypted, except for servers on this machine.
	 *
	 * @param mixed  $address  The unvalidated input.
	 * @param string $scheme   The required scheme, `https` or `wss`.
	 * @param string $fallback Returned if the address is invalid.
	 * @return string
	 */
	private static function sanitize_address( $address, $scheme, $fallback ) {
		$address = trim( (string) $address );
		$parts   = wp_parse_url( $address );
		$is_safe = self::may_reach_own_network() || 'https' !== $scheme || self::TOKEN_URL === $address || false !== wp_http_validate_url( $address );
		$is_here = in_array( $parts['host'] ?? '', array( 'localhost', '127.0.0.1', '[::1]' ), true );
		$schemes = $is_here ? array( $scheme, substr( $scheme, 0, -1 ) ) : array( $scheme );
		if ( '' === $address ) {
			return $fallback;
		}
		if ( ! $is_safe ) {
			/* translators: %s: what was entered */
			self::warn( sprintf( __( '“%s” is in the network of this server. Only wp-config.php can set such an address.', 'voice-agent' ), $address ) );
			return $fallback;
		}
		if ( is_array( $parts ) && in_array( $parts['scheme'] ?? '', $schemes, true ) ) {
			return esc_url_raw( $address, $schemes );
		}
		/* translators: 1: what was entered, 2: https or wss */
		self::warn( sprintf( __( '“%1$s” was not saved: an address must begin with %2$s.', 'voice-agent' ), $address, $scheme . '://' ) );
		return $fallback;
	}

	/**
	 * Shows a message on the settings page, if that is where the change comes from.
	 *
	 * @param string $message In the user's language.
	 */
	private static function warn( $message ) {
		if ( function_exists( 'add_settings_error' ) ) {
			add_settings_error( self::OPTION, md5( $message ), $message, 'warning' );
		}
	}
}
