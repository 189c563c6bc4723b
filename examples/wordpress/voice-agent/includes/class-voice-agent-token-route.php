<?php
/**
 * The token endpoint for pages.
 *
 * @package Voice_Agent
 */

defined( 'ABSPATH' ) || exit;

/**
 * `GET /wp-json/voice-agent/v1/token` answers `{token, ws_url?}`, or `{code, message}` with 403, 429, 500 or 502.
 *
 * Pages contain no nonce, because it would expire in a cached page. The page's script requests one when a conversation
 * begins (`admin-ajax.php?action=voice_agent_nonce`), and again once if it has become stale. An allowed page of another
 * site cannot get a nonce, and needs none, because its requests have no cookies.
 */
class Voice_Agent_Token_Route {

	const SPACE = 'voice-agent/v1';
	const ROUTE = '/token';
	const NONCE = 'voice_agent_nonce';

	/**
	 * Hooks in.
	 */
	public static function register() {
		add_action( 'rest_api_init', array( __CLASS__, 'register_route' ) );
		// After WordPress' own filter, which allows every origin.
		add_filter( 'rest_pre_serve_request', array( __CLASS__, 'seal_answer' ), 20, 3 );
		add_action( 'wp_ajax_' . self::NONCE, array( __CLASS__, 'answer_nonce' ) );
		add_action( 'wp_ajax_nopriv_' . self::NONCE, array( __CLASS__, 'answer_nonce' ) );
	}

	/**
	 * URL of the route.
	 *
	 * @return string
	 */
	public static function url() {
		return rest_url( self::SPACE . self::ROUTE );
	}

	/**
	 * URL of the nonce. The REST API cannot provide it: without a nonce, every user is anonymous there.
	 *
	 * @return string
	 */
	public static function nonce_url() {
		return add_query_arg( 'action', self::NONCE, admin_url( 'admin-ajax.php' ) );
	}

	/**
	 * For `rest_api_init`.
	 */
	public static function register_route() {
		register_rest_route(
			self::SPACE,
			self::ROUTE,
			array(
				'methods'             => WP_REST_Server::READABLE,
				'callback'            => array( __CLASS__, 'answer' ),
				'permission_callback' => array( __CLASS__, 'may_ask' ),
			)
		);
	}

	/**
	 * Sends a new nonce for the current user. Only pages of this site can read it.
	 */
	public static function answer_nonce() {
		nocache_headers();
		header( 'Cache-Control: no-store' );
		if ( ! Voice_Agent_Origin::is_own() ) {
			wp_send_json_error( null, 403 );
		}
		wp_send_json_success( array( 'nonce' => wp_create_nonce( 'wp_rest' ) ) );
	}

	/**
	 * Checks whether the page may request tokens.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return true|WP_Error
	 */
	public static function may_ask( $request ) {
		$is_own = Voice_Agent_Origin::is_own();
		if ( ! $is_own && ! Voice_Agent_Origin::is_allowed_stranger() ) {
			return self::refusal( 'voice_agent_origin', __( 'This page is not allowed to start conversations.', 'voice-agent' ), 403 );
		}
		if ( $is_own && ! wp_verify_nonce( (string) $request->get_header( 'x_wp_nonce' ), 'wp_rest' ) ) {
			return self::refusal( 'voice_agent_nonce', __( 'This page is out of date. Please reload it.', 'voice-agent' ), 403 );
		}
		/**
		 * Filters whether a conversation may begin now, e.g. only for signed-in visitors or in opening hours.
		 *
		 * @param bool            $may     True.
		 * @param WP_REST_Request $request The request.
		 */
		if ( ! apply_filters( 'voice_agent_may_talk', true, $request ) ) {
			return self::refusal( 'voice_agent_forbidden', __( 'You cannot start a conversation here.', 'voice-agent' ), 403 );
		}
		return true;
	}

	/**
	 * Creates a token for one conversation.
	 *
	 * @return WP_REST_Response|WP_Error
	 */
	public static function answer() {
		if ( '' === Voice_Agent_Settings::api_key() ) {
			return self::refusal( 'voice_agent_no_key', __( 'The voice agent is not set up yet: it has no API key.', 'voice-agent' ), 500 );
		}
		if ( ! Voice_Agent_Rate_Limit::take() ) {
			$refusal = self::refusal( 'voice_agent_too_many', __( 'Too many conversations. Please wait a minute.', 'voice-agent' ), 429 );
			$answer  = rest_convert_error_to_response( $refusal );
			$answer->header( 'Retry-After', (string) Voice_Agent_Rate_Limit::WINDOW_SECONDS );
			return $answer;
		}
		$token = Voice_Agent_Token_Service::mint();
		if ( is_wp_error( $token ) ) {
			return $token;
		}
		$ws_url = Voice_Agent_Settings::ws_url();
		$body   = array( 'token' => $token );
		return new WP_REST_Response( Voice_Agent_Settings::WS_URL === $ws_url ? $body : $body + array( 'ws_url' => $ws_url ) );
	}

	/**
	 * Makes the response readable for allowed origins only, and prevents caching, also of refusals.
	 *
	 * @param bool             $served  Whether the request has been answered.
	 * @param WP_REST_Response $result  The response.
	 * @param WP_REST_Request  $request The request.
	 * @return bool
	 */
	public static function seal_answer( $served, $result, $request ) {
		if ( self::is_ours( $request ) ) {
			// Page caches respect this constant.
			defined( 'DONOTCACHEPAGE' ) || define( 'DONOTCACHEPAGE', true ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals
			header( 'Cache-Control: no-store' );
			// WordPress may add its own headers later, for accounts and stale nonces.
			add_filter( 'nocache_headers', array( __CLASS__, 'forbid_storing' ) );
			header_remove( 'Access-Control-Allow-Origin' );
			header_remove( 'Access-Control-Allow-Credentials' );
			if ( Voice_Agent_Origin::is_allowed_stranger() ) {
				header( 'Access-Control-Allow-Origin: ' . Voice_Agent_Origin::named() );
			}
		}
		return $served;
	}

	/**
	 * For `nocache_headers`.
	 *
	 * @param array<string, string> $headers By name.
	 * @return array<string, string>
	 */
	public static function forbid_storing( $headers ) {
		$headers['Cache-Control'] = 'no-store';
		return $headers;
	}

	/**
	 * Whether a request is for this route.
	 *
	 * @param WP_REST_Request $request The request.
	 * @return bool
	 */
	private static function is_ours( $request ) {
		return '/' . self::SPACE . self::ROUTE === untrailingslashit( $request->get_route() );
	}

	/**
	 * An error response.
	 *
	 * @param string $code    Stable code.
	 * @param string $message In the visitor's language.
	 * @param int    $status  HTTP status.
	 * @return WP_Error
	 */
	private static function refusal( $code, $message, $status ) {
		return new WP_Error( $code, $message, array( 'status' => $status ) );
	}
}
