/** `npm run zip`: writes dist/voice-agent.zip, for Plugins → Add New → Upload Plugin. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assemblePlugin } from './plugin.mjs';

const target = fileURLToPath(new URL('./dist/voice-agent.zip', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'voice-agent-zip-'));
try {
  await assemblePlugin(join(folder, 'voice-agent'));
  await mkdir(dirname(target), { recursive: true });
  await rm(target, { force: true });
  // `zip` would add to an existing file. -X omits attributes of this machine's file system.
  execFileSync('zip', ['-q', '-r', '-X', target, 'voice-agent'], { cwd: folder, stdio: 'inherit' });
  console.log(target);
} catch (error) {
  console.error(error.code === 'ENOENT' ? 'Install zip, e.g. apt-get install zip.' : error.message);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
