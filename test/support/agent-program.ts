import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A local agent, started by its command. */
export interface AgentProgram extends AsyncDisposable {
  /** For the attribute `token-url`. */
  readonly tokenUrl: string;
  /** `ws://127.0.0.1:<port>/v1/ws` */
  readonly wsUrl: string;
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
}

/** @throws Error with its output, if it ends before it prints its address */
export async function startAgentProgram(
  folder: string,
  command: string,
  parameters: readonly string[],
): Promise<AgentProgram> {
  const child = spawn(command, parameters, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ended = once(child, 'exit');
  const tokenUrl = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const address = /https?:\/\/\S+\/voice-token/.exec(output)?.[0];
      if (address !== undefined) resolve(address);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(() => reject(new Error(`The agent ended early:\n${output}`)));
  });
  const { origin, host } = new URL(tokenUrl);
  return {
    tokenUrl,
    origin,
    wsUrl: `ws://${host}/v1/ws`,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}
