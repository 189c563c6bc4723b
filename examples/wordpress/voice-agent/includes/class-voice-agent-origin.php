<?php
/**
 * The origin of a request.
 *
 * @package Voice_Agent
 */

defined( 'ABSPATH' ) || exit;

/**
 * Distinguishes the site's own pages from others, by headers that a page cannot forge.
 */
class Voice_Agent_Origin {

	/**
	 * Normalizes an origin: scheme, host and port, as browsers send it.
	 *
	 * @param string $url An origin, or one with the path `/`.
	 * @return string|null Null if it is not an origin.
	 */
	public static function of( $url ) {
		return preg_match( '~^(https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?)/?$~i', $url, $match ) ? strtolower( $match[1] ) : null;
	}

	/**
	 * The `Origin` header. Browsers do not send it for a GET within the site.
	 *
	 * @return string
	 */
	public static function named() {
		return self::header( 'HTTP_ORIGIN' );
	}

	/**
	 * Reads a request header.
	 *
	 * @param string $name Key in `$_SERVER`.
	 * @return string
	 */
	private static function header( $name ) {
		return sanitize_text_field( wp_unslash( $_SERVER[ $name ] ?? '' ) );
	}

	/**
	 * Whether the request comes from a page of this site.
	 *
	 * Browsers send no `Origin` then, but `Sec-Fetch-Site: same-origin`, which no page can forge. But an attacker's domain
	 * can point to this server (DNS rebinding), so the host must also be one of this site's.
	 *
	 * @return bool
	 */
	public static function is_own() {
		$own   = self::own();
		$named = self::named();
		if ( '' !== $named ) {
			return in_array( $named, $own, true );
		}
		$hosts = array_map(
			static function ( $origin ) {
				return preg_replace( '~^https?://~', '', $origin );
			},
			$own
		);
		return 'same-origin' === self::header( 'HTTP_SEC_FETCH_SITE' ) && in_array( strtolower( self::header( 'HTTP_HOST' ) ), $hosts, true );
	}

	/**
	 * The origins of this site.
	 *
	 * @return string[]
	 */
	private static function own() {
		$own = array();
		foreach ( array( home_url(), site_url() ) as $url ) {
			$parts = wp_parse_url( $url );
			$port  = isset( $parts['port'] ) ? ':' . $parts['port'] : '';
			$own[] = $parts['scheme'] . '://' . strtolower( $parts['host'] ) . $port;
		}
		/**
		 * Filters the origins whose pages count as this site's own, for sites with several names.
		 *
		 * @param string[] $own Such as `https://www.example.com`.
		 */
		return (array) apply_filters( 'voice_agent_own_origins', array_values( array_unique( $own ) ) );
	}

	/**
	 * Whether the request comes from a page of another site that the owner has allowed.
	 *
	 * @return bool
	 */
	public static function is_allowed_stranger() {
		return in_array( self::named(), Voice_Agent_Settings::get( 'allowed_origins' ), true );
	}
}
