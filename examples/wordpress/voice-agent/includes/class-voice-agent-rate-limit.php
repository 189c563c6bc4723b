<?php
/**
 * Limits how often visitors may begin a conversation.
 *
 * @package Voice_Agent
 */

defined( 'ABSPATH' ) || exit;

/**
 * Counts within a sliding minute, in one transient: which visitors have begun a conversation, and when. It has at most as
 * many entries as the limit for all visitors.
 *
 * Reading and writing a transient are two steps, so a database lock guards them. Simultaneous requests then get no more
 * than the limit. There are two weaknesses. Without `GET_LOCK` (SQLite, some clusters), a flood of simultaneous requests
 * may get a few more. A full object cache may evict the transient, and with it the counts of the minute.
 */
class Voice_Agent_Rate_Limit {

	const WINDOW_SECONDS = 60;
	/** The lock is held for milliseconds. A longer wait means a flood, which must not keep PHP busy. */
	const LOCK_SECONDS = 1;
	const TRANSIENT    = 'voice_agent_conversations';

	/**
	 * Counts one conversation.
	 *
	 * @return bool Whether it is within the limits.
	 */
	public static function take() {
		// Lock names are shared by the whole database server, so the name identifies this site.
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
	 * Reads and writes the counts. Runs under the lock.
	 *
	 * @param string[] $visitors The keys that this request counts for.
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
		// If counting fails, no token is issued: unlimited tokens cost money.
		return set_transient( self::TRANSIENT, array_values( $taken ), self::WINDOW_SECONDS );
	}

	/**
	 * Identifies the visitor: by address, and also by account, if there is one. Anyone may be able to register accounts,
	 * and one account may be used from many addresses. For IPv6, the first half of the address. Never by a header that a
	 * client can set. The filter is for sites behind a proxy that sets such a header itself.
	 *
	 * @return string[] Hashes.
	 */
	private static function visitors() {
		$user    = get_current_user_id();
		$address = sanitize_text_field( wp_unslash( $_SERVER['REMOTE_ADDR'] ?? 'unknown' ) );
		/**
		 * Filters what identifies a visitor, in addition to the account.
		 *
		 * @param string $visitor `address:<address>`.
		 */
		$visitors = array( self::by_network( (string) apply_filters( 'voice_agent_visitor', "address:$address" ) ) );
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
	 * Replaces an IPv6 address by its first half, because its owner can choose the second half freely.
	 *
	 * @param string $visitor `address:<address>`, or any other name.
	 * @return string
	 */
	private static function by_network( $visitor ) {
		$address = 0 === strpos( $visitor, 'address:' ) ? substr( $visitor, 8 ) : '';
		if ( ! filter_var( $address, FILTER_VALIDATE_IP, FILTER_FLAG_IPV6 ) ) {
			return $visitor;
		}
		$packed = inet_pton( $address );
		$mapped = 0 === strpos( $packed, str_repeat( "\0", 10 ) . "\xff\xff" );
		return 'address:' . ( $mapped ? inet_ntop( substr( $packed, 12 ) ) : bin2hex( substr( $packed, 0, 8 ) ) );
	}

	/**
	 * Queries one value. Returns null if the database does not support the query.
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
