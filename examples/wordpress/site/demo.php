<?php
/**
 * Activates the plugin, fills in its settings, and creates a page to talk on.
 *
 *   SETTINGS='{…}' php demo.php <folder of WordPress>
 *
 * @package Voice_Agent
 */

require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';

activate_plugin( 'voice-agent/voice-agent.php' );
update_option( 'voice_agent_settings', json_decode( (string) getenv( 'SETTINGS' ), true ) );
wp_insert_post(
	array(
		'post_type'    => 'page',
		'post_status'  => 'publish',
		'post_title'   => 'Talk with us',
		'post_name'    => 'talk',
		'post_content' => '<!-- wp:voice-agent/conversation {"greeting":"Hello from WordPress."} /-->',
	)
);
echo 'done';
