<?php
/**
 * The service that mints tokens.
 *
 * @package Voice_Agent
 */

defined( 'ABSPATH' ) || exit;

/**
 * The only place where the key is used.
 */
class Voice_Agent_Token_Service {

	const TIMEOUT_SECONDS = 8;

	/**
	 * Asks for a token that is good for one conversation.
	 *
	 * @return string|WP_Error Errors hold neither the key nor what the service said about it.
	 */
	public static function mint() {
		$url    = add_query_arg(
			array(
				'expires_in_seconds'           => Voice_Agent_Settings::get( 'token_seconds' ),
				'max_session_duration_seconds' => Voice_Agent_Settings::get( 'session_seconds' ),
			),
			Voice_Agent_Settings::token_url()
		);
		// In a network of sites, the administrator of one must not reach what only the server itself can.
		$get    = Voice_Agent_Settings::may_reach_own_network() ? 'wp_remote_get' : 'wp_safe_remote_get';
		$answer = $get(
			$url,
			array(
				'headers'             => array( 'Authorization' => 'Bearer ' . Voice_Agent_Settings::api_key() ),
				'timeout'             => self::TIMEOUT_SECONDS,
				// A redirection would carry the key to another address.
				'redirection'         => 0,
				'limit_response_size' => 65536,
				'user-agent'          => 'voice-agent-wordpress/' . VOICE_AGENT_VERSION,
			)
		);
		$status = (int) wp_remote_retrieve_response_code( $answer );
		$body   = 200 === $status ? json_decode( wp_remote_retrieve_body( $answer ), true ) : null;
		$token  = $body['token'] ?? null;
		if ( is_string( $token ) && '' !== $token ) {
			return $token;
		}
		// For the log, not for the page: a wrong key is nobody's business but the owner's.
		// phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log
		error_log( is_wp_error( $answer ) ? 'Voice Agent: the token service could not be asked.' : "Voice Agent: the token service answered $status." );
		return new WP_Error( 'voice_agent_no_token', __( 'The conversation cannot be started right now.', 'voice-agent' ), array( 'status' => 502 ) );
	}
}
