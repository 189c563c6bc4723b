<?php
/**
 * What a web server is told about WordPress: files are files, everything else is index.php.
 *
 * @package Voice_Agent
 */

$path = rawurldecode( (string) parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) );
$file = $_SERVER['DOCUMENT_ROOT'] . $path;
if ( is_dir( $file ) && is_file( $file . '/index.php' ) && ! str_ends_with( $path, '/' ) ) {
	header( 'Location: ' . $path . '/' );
	exit;
}
// Files and folders with an index are served, or run, by PHP itself.
if ( '/' !== $path && ( is_file( $file ) || is_file( $file . '/index.php' ) ) ) {
	return false;
}
$_SERVER['SCRIPT_NAME'] = '/index.php';
$_SERVER['PHP_SELF']    = '/index.php';
require $_SERVER['DOCUMENT_ROOT'] . '/index.php';
