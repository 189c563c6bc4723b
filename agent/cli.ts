#!/usr/bin/env node
/** `npx voice-agent-local`: the local voice agent from the command line. */
import { parseArgs } from 'node:util';
import { DEFAULT_THINK_MS } from './agent.js';
import { FAULT_FLAGS, parseFaults } from './faults.js';
import { isLoopbackHost } from './http-endpoints.js';
import { startAgent } from './server.js';
import { DEFAULT_TURN_SETTINGS, SERVICE_SPREAD_MS } from './turns.js';

const DEFAULT_PORT = 8787;
const { startDelayMs: DEFAULT_START_DELAY_MS } = DEFAULT_TURN_SETTINGS;

const HELP = `The local voice agent: implements the Voice Agent API without a key, a network or a language model.

  npx voice-agent-local [--port ${DEFAULT_PORT}] [--host 127.0.0.1] [--fault NAME[=VALUE]]…

  --port PORT          0 picks a free port
  --host ADDRESS       default 127.0.0.1; any other address may be reachable from other machines
  --key KEY            the API key that /v1/token accepts; default: any that begins with "local"
  --reusable-tokens    a token may open more than one connection
  --start-delay MS     from the onset of speech to input.speech.started (default ${DEFAULT_START_DELAY_MS})
  --think MS           from the end of a turn to reply.started (default ${DEFAULT_THINK_MS})
  --spread MS          random extra delay of a barge-in, up to this much (default ${SERVICE_SPREAD_MS}: 1.1 … 2.2 s in total)
  --pace X             shortens delays, silences and replies X times, for fast tests (default 1)
  --fault NAME[=VALUE] a failure to simulate in every session; for one session: ?fault=… in its URL

Faults:
${Object.entries(FAULT_FLAGS)
  .map(([name, { help }]) => `  ${name.padEnd(16)} ${help}`)
  .join('\n')}
`;

function wholeNumber(name: string, text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new RangeError(`--${name} needs a whole number from 0 to 65535, got ${text ?? 'none'}`);
  }
  return value;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      key: { type: 'string' },
      'reusable-tokens': { type: 'boolean' },
      'start-delay': { type: 'string' },
      think: { type: 'string' },
      spread: { type: 'string' },
      pace: { type: 'string' },
      fault: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const server = await startAgent({
    port: wholeNumber('port', values.port, DEFAULT_PORT),
    ...(values.host === undefined ? {} : { host: values.host, anyHost: !isLoopbackHost(values.host) }),
    ...(values.key === undefined ? {} : { apiKey: values.key }),
    reusableTokens: values['reusable-tokens'] ?? false,
    startDelayMs: wholeNumber('start-delay', values['start-delay'], DEFAULT_START_DELAY_MS),
    thinkMs: wholeNumber('think', values.think, DEFAULT_THINK_MS),
    interruptionSpreadMs: wholeNumber('spread', values.spread, SERVICE_SPREAD_MS),
    faults: parseFaults([
      ...(values.pace === undefined ? [] : [`pace=${values.pace}`]),
      ...(values.fault ?? []),
    ]),
  });
  process.stdout.write(`Local voice agent: ${server.wsUrl}\nTokens for pages:  ${server.url}/voice-token\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void server.close().then(() => process.exit(0)));
  }
}

/** Without a stack: most are mistakes in the command. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, port } = error as NodeJS.ErrnoException & { readonly port?: number };
  if (code !== 'EADDRINUSE') return error.message;
  return `Port ${String(port)} is in use. If that is an agent you started before, pages can use it; otherwise choose another port with --port.`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
});
