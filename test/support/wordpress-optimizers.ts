/**
 * Emulates optimizers of WordPress: scripts lose their type until the visitor moves, unless an attribute exempts them. It
 * also requests their lists of exceptions.
 */
export const OPTIMIZERS = `<?php
add_action( 'wp_enqueue_scripts', function () { wp_enqueue_script( 'jquery' ); } );
add_action( 'template_redirect', function () {
	ob_start( function ( $html ) {
		$delayed = preg_replace_callback( '/<script\\b(?=[^>]*\\ssrc=)[^>]*>/', function ( $match ) {
			$is_exempt = preg_match( '/data-cfasync="false"/', $match[0] ) && preg_match( '/data-no-optimize="1"/', $match[0] )
				&& preg_match( '/ nowprocket/', $match[0] ) && preg_match( '/data-jetpack-boost="ignore"/', $match[0] );
			return $is_exempt ? $match[0] : preg_replace( '/^<script/', '<script type="text/delayed"', preg_replace( '/ type=.[^ ]*/', '', $match[0] ) );
		}, $html );
		$ours = 'https://site/wp-content/plugins/voice-agent/dist/voice-agent.js';
		$excepted = array();
		foreach ( array( 'litespeed_optimize_js_excludes', 'rocket_delay_js_exclusions' ) as $filter ) {
			foreach ( apply_filters( $filter, array( 'others' ) ) as $part ) {
				if ( false !== strpos( $ours, $part ) ) { $excepted[] = $filter; }
			}
		}
		if ( false !== strpos( apply_filters( 'autoptimize_filter_js_exclude', 'jquery.js', $html ), 'jquery.js, plugins/voice-agent/' ) ) { $excepted[] = 'autoptimize_filter_js_exclude'; }
		if ( ! apply_filters( 'js_do_concat', true, 'voice-agent-element' ) && apply_filters( 'js_do_concat', true, 'jquery' ) ) { $excepted[] = 'js_do_concat'; }
		return $delayed . '<!-- excepted:' . implode( ' ', $excepted ) . ' -->';
	} );
} );
`;
