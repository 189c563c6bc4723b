import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A child process whose output is read. Disposing kills it. */
export class ChildProgram implements AsyncDisposable {
  readonly #child: ChildProcess;
  #output = '';
  readonly #watchers = new Set<() => void>();

  constructor(command: string, parameters: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    this.#child = spawn(command, parameters, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (data: Buffer) => {
        this.#output += data.toString();
        for (const watch of [...this.#watchers]) watch();
      });
    }
    this.#child.on('error', (error) => (this.#output += String(error)));
  }

  /** Waits for the first match in its output. @throws Error if there is none within 30 s */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${this.#child.spawnfile} did not print ${String(pattern)}: ${this.#output}`)),
        30_000,
      );
      const watch = (): void => {
        const match = pattern.exec(this.#output);
        if (!match) return;
        clearTimeout(timer);
        this.#watchers.delete(watch);
        resolve(match);
      };
      this.#watchers.add(watch);
      watch();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined)
      return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 3_000);
    await exited;
    clearTimeout(timer);
  }
}
