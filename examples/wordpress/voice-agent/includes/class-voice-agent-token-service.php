<?php
/**
 * Requests tokens from the service.
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
	 * Requests a token for one conversation.
	 *
	 * @return string|WP_Error Errors contain neither the key nor the service's response.
	 */
	public static function mint() {
		$url    = add_query_arg(
			array(
				'expires_in_seconds'           => Voice_Agent_Settings::get( 'token_seconds' ),
				'max_session_duration_seconds' => Voice_Agent_Settings::get( 'session_seconds' ),
			),
			Voice_Agent_Settings::token_url()
		);
		// In a multisite network, one site's administrator must not get access to the server's internal network.
		$get    = Voice_Agent_Settings::may_reach_own_network() ? 'wp_remote_get' : 'wp_safe_remote_get';
		$answer = $get(
			$url,
			array(
				'headers'             => array( 'Authorization' => 'Bearer ' . Voice_Agent_Settings::api_key() ),
				'timeout'             => self::TIMEOUT_SECONDS,
				// A redirect would send the key to another address.
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
		// For the log only: visitors must not learn that the key is wrong.
		// phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log
		error_log( is_wp_error( $answer ) ? 'Voice Agent: the token service could not be reached.' : "Voice Agent: the token service answered $status." );
		return new WP_Error( 'voice_agent_no_token', __( 'The conversation cannot be started right now.', 'voice-agent' ), array( 'status' => 502 ) );
	}
}
