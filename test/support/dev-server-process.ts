import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { projectRoot } from '../../scripts/project-root.mjs';

/** `npm start` as a user runs it, on a free port. */
export interface DevServerProcess extends AsyncDisposable {
  readonly url: string;
  /** Everything that it has printed. */
  readonly output: () => string;
  /** Ends it like Ctrl-C. @returns the exit code */
  readonly interrupt: () => Promise<number | null>;
}

/** @throws Error if it ends before it prints its address */
export async function startDevServer(env: Readonly<Record<string, string>> = {}): Promise<DevServerProcess> {
  const child = spawn(process.execPath, ['scripts/run.mjs', 'scripts/dev-server.ts', '--port', '0'], {
    cwd: projectRoot,
    // The developer's own key must not turn the test into a paid call.
    env: { ...process.env, ASSEMBLYAI_API_KEY: '', CI: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const address = /https?:\/\/(?:localhost|127\.0\.0\.1)\S*/.exec(output)?.[0];
      if (address !== undefined) resolve(address);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(() => reject(new Error(`npm start ended early:\n${output}`)));
  });
  const interrupt = async (): Promise<number | null> => {
    if (child.exitCode === null) child.kill('SIGINT');
    return (await ended)[0];
  };
  return {
    url,
    output: () => output,
    interrupt,
    async [Symbol.asyncDispose]() {
      await interrupt();
    },
  };
}
