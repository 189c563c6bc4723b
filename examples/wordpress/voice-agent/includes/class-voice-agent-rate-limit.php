<?php
/**
 * How often one visitor may begin a conversation.
 *
 * @package Voice_Agent
 */

defined( 'ABSPATH' ) || exit;

/**
 * Counts within a sliding minute, in one transient: who has begun a conversation, and when. It never holds more than all
 * visitors together may have.
 *
 * Reading and writing a transient are two steps, so a lock of the database stands around them: of many requests at once no
 * more than the limit get through. Two things are weak. A database without `GET_LOCK` (SQLite, some clusters) has no such
 * lock, and a flood at the very same moment may get a few more. An object cache that is full may forget a transient, and
 * with it the minute.
 */
class Voice_Agent_Rate_Limit {

	const WINDOW_SECONDS = 60;
	/** The lock is held for milliseconds; who waits for longer is one of too many, and must not keep PHP busy. */
	const LOCK_SECONDS = 1;
	const TRANSIENT    = 'voice_agent_conversations';

	/**
	 * Takes one.
	 *
	 * @return bool Whether this visitor may have one more.
	 */
	public static function take() {
		// Locks are the database server's: another site there has a lock of its own.
		$lock   = 'voice_agent_' . substr( wp_hash( 'lock', 'nonce' ), 0, 32 );
		$locked = self::ask_database( 'SELECT GET_LOCK(%s, %d)', $lock, self::LOCK_SECONDS );
		if ( '0' === $locked ) {
			return false;
		}
		$allowed = self::take_locked( self::visitors() );
		if ( '1' === $locked ) {
			self::ask_database( 'SELECT RELEASE_LOCK(%s)', $lock );
		}
		return $allowed;
	}

	/**
	 * The part that nobody else may do at the same time.
	 *
	 * @param string[] $visitors Everybody that this request counts for.
	 * @return bool
	 */
	private static function take_locked( $visitors ) {
		$now   = microtime( true );
		$saved = get_transient( self::TRANSIENT );
		$taken = array_filter(
			is_array( $saved ) ? $saved : array(),
			static function ( $one ) use ( $now ) {
				return $one['at'] > $now - self::WINDOW_SECONDS;
			}
		);
		if ( count( $taken ) >= Voice_Agent_Settings::get( 'tokens_in_all' ) ) {
			return false;
		}
		$counts = array_count_values( array_merge( array(), ...array_column( $taken, 'visitors' ) ) );
		foreach ( $visitors as $visitor ) {
			if ( ( $counts[ $visitor ] ?? 0 ) >= Voice_Agent_Settings::get( 'tokens_per_minute' ) ) {
				return false;
			}
		}
		$taken[] = array(
			'at'       => $now,
			'visitors' => $visitors,
		);
		// Without a place to count in, nobody gets a token: an open door costs money.
		return set_transient( self::TRANSIENT, array_values( $taken ), self::WINDOW_SECONDS );
	}

	/**
	 * Who asks: an address, and the account if there is one: a site may give accounts to everybody, and an account may come from everywhere. Of IPv6 the half
	 * that belongs to one line. Never from a header that a client can set; the filter is for sites behind a proxy, which
	 * sets such a header itself.
	 *
	 * @return string[] Hashes.
	 */
	private static function visitors() {
		$user    = get_current_user_id();
		$address = sanitize_text_field( wp_unslash( $_SERVER['REMOTE_ADDR'] ?? 'unknown' ) );
		$packed  = filter_var( $address, FILTER_VALIDATE_IP, FILTER_FLAG_IPV6 ) ? inet_pton( $address ) : false;
		if ( false !== $packed && 0 !== strpos( $packed, str_repeat( "\0", 10 ) . "\xff\xff" ) ) {
			$address = bin2hex( substr( $packed, 0, 8 ) );
		}
		/**
		 * Filters who is counted as one visitor, beside the account.
		 *
		 * @param string $visitor `address:<address>`.
		 */
		$visitors = array( (string) apply_filters( 'voice_agent_visitor', "address:$address" ) );
		if ( $user > 0 ) {
			$visitors[] = "user:$user";
		}
		return array_map(
			static function ( $visitor ) {
				return substr( wp_hash( $visitor, 'nonce' ), 0, 32 );
			},
			$visitors
		);
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
