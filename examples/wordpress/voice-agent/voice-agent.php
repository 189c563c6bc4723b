<?php
/**
 * Plugin Name:       Voice Agent
 * Description:       A live spoken conversation with a voice agent, as a block and as a shortcode. The key stays on your server.
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * License:           MIT
 * License URI:       https://opensource.org/license/mit
 * Text Domain:       voice-agent
 *
 * @package Voice_Agent
 */

defined( 'ABSPATH' ) || exit;

define( 'VOICE_AGENT_VERSION', '0.1.0' );
define( 'VOICE_AGENT_FILE', __FILE__ );

require_once __DIR__ . '/includes/class-voice-agent-settings.php';
require_once __DIR__ . '/includes/class-voice-agent-settings-page.php';
require_once __DIR__ . '/includes/class-voice-agent-origin.php';
require_once __DIR__ . '/includes/class-voice-agent-rate-limit.php';
require_once __DIR__ . '/includes/class-voice-agent-token-service.php';
require_once __DIR__ . '/includes/class-voice-agent-token-route.php';
require_once __DIR__ . '/includes/class-voice-agent-scripts.php';
require_once __DIR__ . '/includes/class-voice-agent-tag.php';
require_once __DIR__ . '/includes/class-voice-agent-content.php';

Voice_Agent_Settings_Page::register();
Voice_Agent_Token_Route::register();
Voice_Agent_Scripts::register();
Voice_Agent_Content::register();
