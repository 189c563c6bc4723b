<?php
/**
 * Installs WordPress from the command line.
 *
 *   SITE='{"socket":"…","password":"…"}' php install.php <folder of WordPress>
 *
 * @package Voice_Agent
 */

$site = json_decode( (string) getenv( 'SITE' ), true );
( new mysqli( null, 'root', '', null, null, $site['socket'] ) )->query( 'CREATE DATABASE wordpress CHARACTER SET utf8mb4' );
define( 'WP_INSTALLING', true );
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

/** Sends no mail. */
function wp_new_blog_notification() {}

wp_install( 'A site with a voice', 'admin', 'admin@example.com', false, '', $site['password'] );

// The installer would send a request to the site, which does not run yet.
$wp_rewrite->set_permalink_structure( '/%postname%/' );
flush_rewrite_rules();

echo 'done';
