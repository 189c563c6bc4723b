/** The blocks of code in README.md, by name. Every block is run by exactly one test, which reads it from here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/project-root.mjs';

export interface CodeBlock {
  readonly language: string;
  readonly code: string;
}

/** Which test runs a block, and how to tell that block from the others. */
export const CLAIMS = {
  'the tag': { language: 'html', says: '<voice-agent token-url', test: 'e2e/readme.test.ts' },
  'a pinned script': { language: 'html', says: ' integrity=', test: 'package/package.test.ts' },
  'a token': { language: 'js', says: 'createTokenHandler(', test: 'e2e/readme.test.ts' },
  'without the tag': { language: 'js', says: 'new VoiceAgent(', test: 'e2e/readme.test.ts' },
  'the engine': { language: 'js', says: 'createEngine()', test: 'e2e/readme.test.ts' },
  // e2e/dev-server.test.ts tests the first command; the second runs all tests.
  'the commands': { language: 'sh', says: 'npm test', test: 'unit/readme.test.ts' },
  'the live service': { language: 'sh', says: 'ASSEMBLYAI_API_KEY', test: 'unit/readme.test.ts' },
} as const satisfies Readonly<Record<string, { language: string; says: string; test: string }>>;

export type BlockName = keyof typeof CLAIMS;

export function readReadme(): string {
  return readFileSync(join(projectRoot, 'README.md'), 'utf8');
}

export function codeBlocks(markdown: string): CodeBlock[] {
  const found = markdown.matchAll(/^```(\w*)[^\n]*\n([^]*?)^```$/gm);
  return [...found].map(([, language = '', code = '']) => ({ language, code }));
}

/** @returns the names of the claims that match a block: one for a tested block */
export function claimsOf({ language, code }: CodeBlock): BlockName[] {
  return (Object.keys(CLAIMS) as BlockName[]).filter(
    (name) => CLAIMS[name].language === language && code.includes(CLAIMS[name].says),
  );
}

/** @throws Error if README.md has no such block */
export function readmeBlock(name: BlockName): string {
  const block = codeBlocks(readReadme()).find((each) => claimsOf(each).includes(name));
  if (!block) throw new Error(`README.md has no code that shows "${name}".`);
  return block.code;
}
