<?php
/**
 * Which page asks.
 *
 * @package Voice_Agent
 */

defined( 'ABSPATH' ) || exit;

/**
 * Tells own pages from those of others, by headers that a page cannot forge.
 */
class Voice_Agent_Origin {

	/**
	 * Scheme, host and port of an address, as browsers write an origin.
	 *
	 * @param string $url Without anything after the host, or with a path that is left out only if it is `/`.
	 * @return string|null When it is no origin.
	 */
	public static function of( $url ) {
		return preg_match( '~^(https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?)/?$~i', $url, $match ) ? strtolower( $match[1] ) : null;
	}

	/**
	 * The origin that the browser names. Browsers name none for a GET within the site.
	 *
	 * @return string
	 */
	public static function named() {
		return self::header( 'HTTP_ORIGIN' );
	}

	/**
	 * What the browser says.
	 *
	 * @param string $name As PHP spells it.
	 * @return string
	 */
	private static function header( $name ) {
		return sanitize_text_field( wp_unslash( $_SERVER[ $name ] ?? '' ) );
	}

	/**
	 * Whether a page of this site asks.
	 *
	 * Browsers name no origin for it, and say `same-origin`, which no page can forge. But a page can give this server's
	 * address to a name of its own (DNS rebinding), so the name has to be one of this site's.
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
	 * Whether a page of another site asks that the owner has allowed.
	 *
	 * @return bool
	 */
	public static function is_allowed_stranger() {
		return in_array( self::named(), Voice_Agent_Settings::get( 'allowed_origins' ), true );
	}
}
