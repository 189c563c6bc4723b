<?php
/**
 * The tag in the page.
 *
 * @package Voice_Agent
 */

defined( 'ABSPATH' ) || exit;

/**
 * Renders `<voice-agent>` from the attributes of a block or a shortcode.
 */
class Voice_Agent_Tag {

	/** The valid choices; the first is the default. The editor offers the same. */
	const CHOICES = array(
		'layout'     => array( 'panel', 'bar', 'button', 'floating' ),
		'placement'  => array( 'bottom-end', 'bottom-start', 'top-end', 'top-start' ),
		'theme'      => array( 'auto', 'light', 'dark' ),
		'visualizer' => array( 'orb', 'bars' ),
	);

	/** Heights of the layouts, reserved until the script has loaded. */
	const HEIGHTS = array(
		'panel' => 'min(28em,var(--voice-agent-height,28em))',
		'bar'   => '4.5em',
	);

	/**
	 * HTML of one tag. Every value is escaped.
	 *
	 * @param array<string, mixed> $wanted By the names of the block's attributes.
	 * @return string
	 */
	public static function render( $wanted ) {
		if ( is_feed() ) {
			return '';
		}
		if ( '' === Voice_Agent_Settings::api_key() ) {
			return self::unset_notice();
		}
		Voice_Agent_Scripts::enqueue();
		$html = '<voice-agent';
		foreach ( self::attributes( $wanted ) as $name => $value ) {
			$html .= ' ' . $name . '="' . esc_attr( $value ) . '"';
		}
		$html .= '>';
		if ( '' !== $wanted['consentText'] ) {
			$html .= '<span slot="consent">' . esc_html( $wanted['consentText'] ) . '</span>';
		}
		return $html . '<noscript>' . esc_html__( 'This conversation needs JavaScript.', 'voice-agent' ) . '</noscript></voice-agent>';
	}

	/**
	 * Attributes of the tag.
	 *
	 * @param array<string, mixed> $wanted By the names of the block's attributes.
	 * @return array<string, string>
	 */
	private static function attributes( $wanted ) {
		$attributes = array(
			'data-token-route' => Voice_Agent_Token_Route::url(),
			'data-nonce-route' => Voice_Agent_Token_Route::nonce_url(),
			// The service was observed not to end conversations in time, so the page hangs up, too.
			'max-duration'     => (string) Voice_Agent_Settings::get( 'session_seconds' ),
		);
		if ( Voice_Agent_Settings::WS_URL !== Voice_Agent_Settings::ws_url() ) {
			$attributes['server-url'] = Voice_Agent_Settings::ws_url();
		}
		foreach ( self::CHOICES as $name => $choices ) {
			if ( in_array( $wanted[ $name ], $choices, true ) && $wanted[ $name ] !== $choices[0] ) {
				$attributes[ $name ] = $wanted[ $name ];
			}
		}
		if ( $wanted['textInput'] ) {
			$attributes['text-input'] = '';
		}
		if ( $wanted['requireConsent'] ) {
			$attributes['require-consent'] = '';
		}
		$height = self::HEIGHTS[ $wanted['layout'] ] ?? '';
		$style  = '' === $height ? '' : "display:block;min-height:$height;";
		$accent = trim( $wanted['accent'] );
		// The editor's colours, with or without transparency. Anything else could be CSS injection.
		if ( preg_match( '/^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/Di', $accent ) ) {
			$style .= "--voice-agent-accent:$accent;";
		}
		if ( '' !== $style ) {
			$attributes['style'] = $style;
		}
		return $attributes + self::agent( $wanted );
	}

	/**
	 * The agent: a stored one, or the definition in the block. The service accepts only one of them.
	 *
	 * @param array<string, mixed> $wanted By the names of the block's attributes.
	 * @return array<string, string>
	 */
	private static function agent( $wanted ) {
		$described = array_filter(
			array(
				'system-prompt' => trim( $wanted['systemPrompt'] ),
				'greeting'      => trim( $wanted['greeting'] ),
				'voice'         => trim( $wanted['voice'] ),
			)
		);
		$agent_id  = trim( $wanted['agentId'] );
		if ( '' === $agent_id && ! $described ) {
			$agent_id = Voice_Agent_Settings::get( 'agent_id' );
		}
		return '' === $agent_id ? $described : array( 'agent-id' => $agent_id );
	}

	/**
	 * Without a key: a notice for those who can set one, and nothing for everyone else.
	 *
	 * @return string
	 */
	private static function unset_notice() {
		if ( ! current_user_can( 'manage_options' ) ) {
			return '';
		}
		return sprintf(
			'<p class="voice-agent-notice">%s <a href="%s">%s</a></p>',
			esc_html__( 'The voice agent has no API key yet. Only you see this.', 'voice-agent' ),
			esc_url( Voice_Agent_Settings_Page::url() ),
			esc_html__( 'Settings', 'voice-agent' )
		);
	}
}
