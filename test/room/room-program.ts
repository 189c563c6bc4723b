import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { projectRoot } from '../../scripts/project-root.mjs';
import type { PulseAudio } from '../cross-browser/pulse-audio.js';

/** Runs the room in its own process, so that nothing else delays it. */
export class RoomProgram {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor(script: string, folder: string, pulse: PulseAudio, fifo: string) {
    const program = join(projectRoot, 'test', 'room', 'room-process.ts');
    this.#child = spawn(process.execPath, ['--import', 'tsx', program, script, folder, fifo], {
      env: pulse.env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  async ready(): Promise<void> {
    await this.#lines.next();
  }

  /** @returns the wall clock at the room's time 0 */
  async begin(): Promise<number> {
    this.#child.stdin.write('begin\n');
    return Number(/began (\d+)/.exec(String((await this.#lines.next()).value))?.[1]);
  }

  /** @returns the number of blocks that the browser read too late */
  async end(): Promise<number> {
    const line = String((await this.#lines.next()).value);
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
    return Number(/lost (\d+)/.exec(line)?.[1]);
  }

  kill(): void {
    this.#child.kill();
  }
}
