<?php
/**
 * The usual rewrite rules for WordPress: files are served, everything else goes to index.php.
 *
 * @package Voice_Agent
 */

$path = rawurldecode( (string) parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) );
$file = $_SERVER['DOCUMENT_ROOT'] . $path;
if ( is_dir( $file ) && is_file( $file . '/index.php' ) && ! str_ends_with( $path, '/' ) ) {
	header( 'Location: ' . $path . '/' );
	exit;
}
// PHP itself serves or runs existing files, and folders with an index file.
if ( '/' !== $path && ( is_file( $file ) || is_file( $file . '/index.php' ) ) ) {
	return false;
}
$_SERVER['SCRIPT_NAME'] = '/index.php';
$_SERVER['PHP_SELF']    = '/index.php';
require $_SERVER['DOCUMENT_ROOT'] . '/index.php';
