<?php
/**
 * What the owner of the site has set.
 *
 * @package Voice_Agent
 */

defined( 'ABSPATH' ) || exit;

/**
 * Reads the settings, and decides what may become one.
 *
 * All of them are one option. An array is stored serialized, and the list of all options (`wp-admin/options.php`)
 * does not print those: the key could be read there otherwise.
 */
class Voice_Agent_Settings {

	const OPTION = 'voice_agent_settings';

	const TOKEN_URL = 'https://agents.assemblyai.com/v1/token';
	const WS_URL    = 'wss://agents.assemblyai.com/v1/ws';

	/** Least and most of every number: what the service takes, and what makes sense. */
	const LIMITS = array(
		'tokens_per_minute' => array( 1, 600 ),
		'tokens_in_all'     => array( 1, 6000 ),
		'session_seconds'   => array( 60, 10800 ),
		'token_seconds'     => array( 1, 600 ),
	);

	/**
	 * Before anything has been set.
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
	 * The key, from the safest place that has one. Whatever calls this must not print it.
	 *
	 * @return string Empty when there is none.
	 */
	public static function api_key() {
		return self::fixed( 'VOICE_AGENT_API_KEY' ) ?? (string) self::get( 'api_key' );
	}

	/**
	 * Whether the key comes from wp-config.php or the server's environment, and not from the settings page.
	 *
	 * @return bool
	 */
	public static function has_fixed_key() {
		return null !== self::fixed( 'VOICE_AGENT_API_KEY' );
	}

	/**
	 * Where tokens are minted. A key that the settings page cannot show must not be sent to an address that it can change.
	 *
	 * @return string
	 */
	public static function token_url() {
		return self::fixed( 'VOICE_AGENT_TOKEN_URL' ) ?? ( self::has_fixed_key() ? self::TOKEN_URL : self::get( 'token_url' ) );
	}

	/**
	 * Whether the token address may lead into the server's own network, as an address for tests does. Whoever administers one
	 * site of a network may not choose such an address; wp-config.php and the environment may.
	 *
	 * @return bool
	 */
	public static function may_reach_own_network() {
		return ! is_multisite() || null !== self::fixed( 'VOICE_AGENT_TOKEN_URL' );
	}

	/**
	 * Where pages take their tokens.
	 *
	 * @return string
	 */
	public static function ws_url() {
		return self::fixed( 'VOICE_AGENT_WS_URL' ) ?? self::get( 'ws_url' );
	}

	/**
	 * A constant of wp-config.php, or a variable of the environment.
	 *
	 * @param string $name Of either.
	 * @return string|null
	 */
	private static function fixed( $name ) {
		$value = defined( $name ) ? constant( $name ) : getenv( $name );
		$value = is_string( $value ) ? trim( $value ) : '';
		return '' === $value ? null : $value;
	}

	/**
	 * Makes settings of what a form sends, or of settings: WordPress calls this twice for an option that is new.
	 *
	 * @param mixed $input As it came.
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
	 * An empty field keeps the key: it is never sent to the browser, so it cannot come back from there.
	 *
	 * @param array<string, mixed> $input     As it came.
	 * @param string               $token_url Where keys will be sent from now on.
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
			// Or else who may change the address could have the key sent to a server of their own.
			self::complain( __( 'The key was removed, because the token address has changed. Please enter the key again.', 'voice-agent' ) );
			return '';
		}
		if ( preg_match( '/^[\x21-\x7e]{1,500}$/', $given ) ) {
			return $given;
		}
		self::complain( __( 'This does not look like an API key; the one from before was kept.', 'voice-agent' ) );
		return self::get( 'api_key' );
	}

	/**
	 * Keeps what is an origin: scheme, host and port, nothing else.
	 *
	 * @param string[] $origins As they came.
	 * @return string[]
	 */
	private static function sanitize_origins( $origins ) {
		$kept = array();
		foreach ( array_filter( array_map( 'trim', $origins ) ) as $origin ) {
			$clean = Voice_Agent_Origin::of( $origin );
			if ( null === $clean ) {
				/* translators: %s: what was entered */
				self::complain( sprintf( __( '“%s” is no origin. Write https://www.example.com, without a path.', 'voice-agent' ), $origin ) );
			} else {
				$kept[] = $clean;
			}
		}
		return array_values( array_unique( $kept ) );
	}

	/**
	 * Addresses are encrypted, but for servers on this machine.
	 *
	 * @param mixed  $address  As it came.
	 * @param string $scheme   Its scheme, `https` or `wss`.
	 * @param string $fallback When it is no such address.
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
			self::complain( sprintf( __( '“%s” leads into the network of this server; only wp-config.php may set such an address.', 'voice-agent' ), $address ) );
			return $fallback;
		}
		if ( is_array( $parts ) && in_array( $parts['scheme'] ?? '', $schemes, true ) ) {
			return esc_url_raw( $address, $schemes );
		}
		/* translators: 1: what was entered, 2: https or wss */
		self::complain( sprintf( __( '“%1$s” was not taken as an address: it has to begin with %2$s.', 'voice-agent' ), $address, $scheme . '://' ) );
		return $fallback;
	}

	/**
	 * Tells the person at the settings page, when there is one.
	 *
	 * @param string $message In their language.
	 */
	private static function complain( $message ) {
		if ( function_exists( 'add_settings_error' ) ) {
			add_settings_error( self::OPTION, md5( $message ), $message, 'warning' );
		}
	}
}
