/**
 * The last change of the one file. The engine's bytes are unlike all the code around them, and what packs the code well
 * has to be learned anew behind them, so they go where as little code as possible follows: 100 bytes less. By how much they
 * are shifted into visible characters changes the size by 40 bytes up and down, differently with every change of anything
 * else, so the best is tried.
 */
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import { parseSync, type ESTree, type Plugin } from 'vite';
import { engineBytesOf, engineText } from '../src/engine/engine-text.js';

/** All of these make visible characters of the commonest bytes. */
const SHIFTS = Array.from({ length: 20 }, (_, index) => 32 + index);

export function engineLast(): Plugin {
  return {
    name: 'engine-last',
    async generateBundle(_options, bundle) {
      const chunk = bundle['voice-agent.js'];
      if (chunk?.type === 'chunk') chunk.code = await smallestArrangement(chunk.code);
    },
  };
}

async function smallestArrangement(code: string): Promise<string> {
  const { before, name, text, after } = takeEngineOut(code);
  const bytes = engineBytesOf(text);
  const variants = SHIFTS.map((shift) => `${before}var ${name}=${quoted(engineText(bytes, shift))};${after}`);
  const sizes = await Promise.all(
    variants.map(async (variant) => (await promisify(brotliCompress)(variant)).length),
  );
  return variants[sizes.indexOf(Math.min(...sizes))]!;
}

interface Parts {
  /** Code that only says what shall happen later. */
  readonly before: string;
  readonly name: string;
  readonly text: string;
  /** The registration of the tag, which may start a call at once, and the exports. */
  readonly after: string;
}

function takeEngineOut(code: string): Parts {
  const { program } = parseSync('voice-agent.js', code);
  const registration = program.body.find((each) => isRegistration(code, each));
  for (const statement of program.body) {
    if (statement.type !== 'VariableDeclaration') continue;
    const { declarations } = statement;
    const index = declarations.findIndex(({ init }) => textOf(init).startsWith(WASM_BEGINNING));
    if (index < 0 || !registration) continue;
    const { id, init } = declarations[index]!;
    const others = declarations.filter((_, each) => each !== index);
    const kept = others.map(({ start, end }) => code.slice(start, end)).join(',');
    const before =
      code.slice(0, statement.start) +
      (kept && `${statement.kind} ${kept};`) +
      code.slice(statement.end, registration.start);
    const name = code.slice(id.start, id.end);
    return { before, name, text: textOf(init), after: code.slice(registration.start) };
  }
  throw new Error('The one file has no engine in front of its registration.');
}

/** `\0asm`, as the engine's text has it before it is arranged. */
const WASM_BEGINNING = engineText(Uint8Array.of(0, 0x61, 0x73, 0x6d));

function isRegistration(code: string, { type, start, end }: ESTree.Statement | ESTree.Directive): boolean {
  return type === 'ExpressionStatement' && code.slice(start, end).includes('customElements.define(');
}

function textOf(expression: ESTree.Expression | null): string {
  if (expression?.type === 'Literal' && typeof expression.value === 'string') return expression.value;
  if (expression?.type !== 'TemplateLiteral' || expression.expressions.length > 0) return '';
  return expression.quasis[0]?.value.cooked ?? '';
}

/** In the quotes that need the fewest escapes. */
function quoted(text: string): string {
  const candidates = ['"', "'", '`'].map((quote) => {
    const special = quote === '`' ? /[\\`\0\r]|\$(?=\{)/g : new RegExp(`[\\\\\0\r\n${quote}]`, 'g');
    return quote + text.replace(special, escaped) + quote;
  });
  return candidates.sort((a, b) => a.length - b.length)[0]!;
}

function escaped(character: string): string {
  return ESCAPES[character] ?? `\\${character}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\0': '\\x00', '\r': '\\r', '\n': '\\n' };
