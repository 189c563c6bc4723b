/** Classes of the WordPress plugin in plain PHP, with stubs of the few functions of WordPress that they call. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/project-root.mjs';
import { debianProgram } from '../support/debian-program.js';

const INCLUDES = join(projectRoot, 'examples/wordpress/voice-agent/includes');
let php: string;

beforeAll(async () => {
  php = await debianProgram('php', 'php-cli');
});

/** @returns the output of the code */
async function run(code: string, env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await promisify(execFile)(php, ['-r', `define('ABSPATH', '/');${code}`], {
    env: { ...process.env, ...env },
  });
  return stdout;
}

test('in a network of sites, a setting reaches no address of the server’s own network', async () => {
  const code = `
    function is_multisite() { return (bool) getenv('MULTISITE'); }
    require '${INCLUDES}/class-voice-agent-settings.php';
    echo json_encode(Voice_Agent_Settings::may_reach_own_network());`;
  expect(await run(code, { MULTISITE: '' })).toBe('true');
  expect(await run(code, { MULTISITE: '1' })).toBe('false');
  expect(await run(code, { MULTISITE: '1', VOICE_AGENT_TOKEN_URL: 'http://127.0.0.1:1/' })).toBe('true');
});

test('one line of IPv6 counts as one visitor, also if a filter reads the address from a header', async () => {
  const code = `
    function get_current_user_id() { return 0; }
    function sanitize_text_field($text) { return $text; }
    function wp_unslash($text) { return $text; }
    function wp_hash($text) { return md5($text); }
    function apply_filters($name, $visitor) { return getenv('HEADER') ? 'address:' . getenv('HEADER') : $visitor; }
    $_SERVER['REMOTE_ADDR'] = getenv('REMOTE');
    require '${INCLUDES}/class-voice-agent-rate-limit.php';
    $visitors = new ReflectionMethod('Voice_Agent_Rate_Limit', 'visitors');
    echo json_encode($visitors->invoke(null));`;
  const visitorOf = (remote: string, header = '') => run(code, { REMOTE: remote, HEADER: header });
  const line = await visitorOf('2001:db8:0:7::1');
  expect(await visitorOf('2001:0db8::7:ffff:ffff:ffff:ffff')).toBe(line);
  expect(await visitorOf('198.51.100.9', '2001:db8:0:7::2')).toBe(line);
  expect(await visitorOf('2001:db8:0:8::1')).not.toBe(line);
  expect(await visitorOf('::ffff:198.51.100.7')).toBe(await visitorOf('198.51.100.7'));
});
