<?php
/**
 * How often one visitor may begin a conversation.
 *
 * @package Voice_Agent
 */

defined( 'ABSPATH' ) || exit;

/**
 * Counts within a sliding minute, in a transient for each visitor.
 *
 * Reading and writing a transient are two steps, so a lock of the database stands around them: of many requests at once no
 * more than the limit get through. Two things are weak. A database without `GET_LOCK` (SQLite, some clusters) has no such
 * lock, and a flood at the very same moment may get a few more. An object cache that is full may forget a transient, and
 * with it the minute.
 */
class Voice_Agent_Rate_Limit {

	const WINDOW_SECONDS = 60;
	const LOCK_SECONDS   = 2;

	/**
	 * Takes one.
	 *
	 * @return bool Whether this visitor may have one more.
	 */
	public static function take() {
		$name   = 'voice_agent_' . substr( wp_hash( self::visitor(), 'nonce' ), 0, 32 );
		$locked = self::ask_database( 'SELECT GET_LOCK(%s, %d)', $name, self::LOCK_SECONDS );
		if ( '0' === $locked ) {
			// Somebody asks so often that the lock is never free.
			return false;
		}
		$allowed = self::take_locked( $name );
		if ( '1' === $locked ) {
			self::ask_database( 'SELECT RELEASE_LOCK(%s)', $name );
		}
		return $allowed;
	}

	/**
	 * The part that nobody else may do at the same time.
	 *
	 * @param string $name Of the transient.
	 * @return bool
	 */
	private static function take_locked( $name ) {
		$now   = microtime( true );
		$saved = get_transient( $name );
		$times = array_filter(
			is_array( $saved ) ? $saved : array(),
			static function ( $time ) use ( $now ) {
				return $time > $now - self::WINDOW_SECONDS;
			}
		);
		if ( count( $times ) >= Voice_Agent_Settings::get( 'tokens_per_minute' ) ) {
			return false;
		}
		$times[] = $now;
		// Without a place to count in, nobody gets a token: an open door costs money.
		return set_transient( $name, array_values( $times ), self::WINDOW_SECONDS );
	}

	/**
	 * Who asks: an account, else an address; of IPv6 the half that belongs to one line. Never from a header that a client
	 * can set. The filter is for sites behind a proxy, which sets such a header itself.
	 *
	 * @return string
	 */
	private static function visitor() {
		$user    = get_current_user_id();
		$address = sanitize_text_field( wp_unslash( $_SERVER['REMOTE_ADDR'] ?? 'unknown' ) );
		$packed  = filter_var( $address, FILTER_VALIDATE_IP, FILTER_FLAG_IPV6 ) ? inet_pton( $address ) : false;
		if ( false !== $packed && 0 !== strpos( $packed, str_repeat( "\0", 10 ) . "\xff\xff" ) ) {
			$address = bin2hex( substr( $packed, 0, 8 ) );
		}
		/**
		 * Filters who is counted as one visitor.
		 *
		 * @param string $visitor `user:<id>` or `address:<address>`.
		 */
		return (string) apply_filters( 'voice_agent_visitor', $user > 0 ? "user:$user" : "address:$address" );
	}

	/**
	 * One value from the database, or null when it does not know the question.
	 *
	 * @param string $query  With placeholders.
	 * @param mixed  ...$values For the placeholders.
	 * @return string|null
	 */
	private static function ask_database( $query, ...$values ) {
		global $wpdb;
		$suppressed = $wpdb->suppress_errors( true );
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery, WordPress.DB.PreparedSQL
		$answer = $wpdb->get_var( $wpdb->prepare( $query, ...$values ) );
		$wpdb->suppress_errors( $suppressed );
		return $answer;
	}
}
