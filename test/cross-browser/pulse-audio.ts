/** A separate sound server with one silent loudspeaker. Without one, Firefox's audio clock stands still. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ChildProgram } from './processes.js';

export interface PulseAudio extends AsyncDisposable {
  /** The environment of programs that use it. */
  readonly env: NodeJS.ProcessEnv;
}

const START_MS = 15_000;

/**
 * @param modules further modules, in the syntax of `pactl load-module`
 * @param rateHz of the loudspeaker
 */
export async function startPulseAudio(modules: readonly string[] = [], rateHz = 48_000): Promise<PulseAudio> {
  const folder = await mkdtemp(join(tmpdir(), 'pulse-'));
  const socket = join(folder, 'pulse', 'native');
  const env = { ...process.env, XDG_RUNTIME_DIR: folder, PULSE_SERVER: `unix:${socket}` };
  const all = [
    `module-null-sink sink_name=speaker rate=${rateHz}`,
    ...modules,
    'module-native-protocol-unix',
  ];
  const options = ['-n', '--daemonize=no', '--exit-idle-time=-1', '--disallow-exit'];
  const program = new ChildProgram('pulseaudio', [...options, ...all.flatMap((line) => ['-L', line])], env);
  const startedAtMs = Date.now();
  while (!(await accepts(socket))) {
    if (Date.now() - startedAtMs > START_MS) throw new Error('PulseAudio did not start.');
    await delay(50);
  }
  return {
    env,
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function accepts(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(path);
    connection.once('connect', () => resolve(true));
    connection.once('error', () => resolve(false));
    connection.once('connect', () => connection.destroy());
  });
}
