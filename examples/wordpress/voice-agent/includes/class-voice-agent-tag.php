<?php
/**
 * The tag, and the scripts that bring it to life.
 *
 * @package Voice_Agent
 */

defined( 'ABSPATH' ) || exit;

/**
 * Makes `<voice-agent>` of the attributes of a block or a shortcode.
 */
class Voice_Agent_Tag {

	/** What may be chosen; the first is the default. The editor offers the same. */
	const CHOICES = array(
		'layout'     => array( 'panel', 'bar', 'button', 'floating' ),
		'placement'  => array( 'bottom-end', 'bottom-start', 'top-end', 'top-start' ),
		'theme'      => array( 'auto', 'light', 'dark' ),
		'visualizer' => array( 'orb', 'bars' ),
	);

	/** Heights of the layouts, kept while a script is late. */
	const HEIGHTS = array(
		'panel' => 'min(28em,var(--voice-agent-height,28em))',
		'bar'   => '4.5em',
	);

	/**
	 * HTML of one tag; every value is escaped.
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
			// The service has been seen to let conversations run on; the page hangs up by itself.
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
		// The editor's colours, with or without transparency; anything else could be more than a colour.
		if ( preg_match( '/^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/Di', $accent ) ) {
			$style .= "--voice-agent-accent:$accent;";
		}
		if ( '' !== $style ) {
			$attributes['style'] = $style;
		}
		return $attributes + self::agent( $wanted );
	}

	/**
	 * Which agent answers: a stored one, or the one that is described here. The service takes one or the other.
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
	 * Instead of a button that cannot work: a word for who can mend it, nothing for everybody else.
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
