<?php
/**
 * Deletes everything that the plugin has stored, above all the key.
 *
 * @package Voice_Agent
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

/**
 * Clears one site.
 */
function voice_agent_uninstall_site() {
	global $wpdb;
	delete_option( 'voice_agent_settings' );
	// WordPress cannot delete transients by prefix. Those in an object cache expire within a minute.
	foreach ( array( '_transient_voice_agent_', '_transient_timeout_voice_agent_' ) as $prefix ) {
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery
		$wpdb->query( $wpdb->prepare( "DELETE FROM {$wpdb->options} WHERE option_name LIKE %s", $wpdb->esc_like( $prefix ) . '%' ) );
	}
}

if ( is_multisite() ) {
	$voice_agent_sites = get_sites(
		array(
			'fields' => 'ids',
			'number' => 0,
		)
	);
	foreach ( $voice_agent_sites as $voice_agent_site ) {
		switch_to_blog( $voice_agent_site );
		voice_agent_uninstall_site();
		restore_current_blog();
	}
} else {
	voice_agent_uninstall_site();
}
