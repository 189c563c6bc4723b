/**
 * docs/api: what TypeScript sees of each entry of the package, without comments, so that every change of the public API
 * shows in review. A type that more entries show is printed in the report of the first.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import { projectRoot } from './project-root.mjs';

/** Entries of the package, in the order in which their reports refer to each other. */
export const API_ENTRIES = ['.', './element', './parts', './engine', './react', './token'];

/** The local agent's package has one. */
const AGENT_ENTRY = {
  module: 'voice-agent-local/testing',
  page: 'testing.api.md',
  source: 'testing/index.d.ts',
};

const TYPES = join(projectRoot, 'dist/types');

export interface ApiReport {
  /** Relative to the checkout. */
  readonly path: string;
  readonly text: string;
}

/** @returns a report for each of the entries, as it is committed */
export async function createApiReports(): Promise<ApiReport[]> {
  const { name, exports } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as {
    name: string;
    exports: Readonly<Record<string, { readonly types: string }>>;
  };
  const entries = API_ENTRIES.map((entry) => ({
    module: join(name, entry),
    page: `${entry === '.' ? 'index' : entry.slice(2)}.api.md`,
    types: join(projectRoot, exports[entry]!.types),
  }));
  const { module, page, source } = AGENT_ENTRY;
  entries.push({ module, page, types: join(TYPES, source) });
  const program = declarationsOf(entries.map(({ types }) => types));
  const printed = new Map<ts.Symbol, string>();
  const config = await resolveConfig(join(projectRoot, 'docs/api/index.api.md'));
  return Promise.all(
    entries.map(({ module, page, types }) => {
      const text = reportOf(module, page, new Api(program, types), printed);
      return format(text, { ...config, parser: 'markdown' });
    }),
  ).then((texts) => texts.map((text, index) => ({ path: join('docs/api', entries[index]!.page), text })));
}

function reportOf(module: string, page: string, api: Api, printed: Map<ts.Symbol, string>): string {
  const fresh = (symbols: readonly ts.Symbol[]): ts.Symbol[] =>
    symbols.filter((symbol) => !printed.has(symbol));
  const listed = (symbols: readonly ts.Symbol[]): string => {
    const known = symbols.filter((symbol) => printed.has(symbol));
    const pages = [...new Set(known.map((symbol) => printed.get(symbol)!))];
    return pages
      .map((each) => {
        const names = known.filter((symbol) => printed.get(symbol) === each).map(({ name }) => `\`${name}\``);
        return `As in [${each}](${each}): ${names.join(', ')}.\n`;
      })
      .join('\n');
  };
  const { exported, named, globals } = api;
  const parts = [
    `# \`${module}\`\n\nWritten by \`npm run manifest\`: what the entry exports, as TypeScript sees it.\n`,
    block([...fresh(exported).map((symbol) => api.print(symbol)), ...globals]),
    listed(exported),
    fresh(named).length > 0 ? '## What those name\n' : '',
    block(fresh(named).map((symbol) => api.print(symbol))),
  ];
  for (const symbol of fresh([...exported, ...named])) printed.set(symbol, page);
  return parts.filter((part) => part !== '').join('\n');
}

function block(declarations: readonly string[]): string {
  return declarations.length > 0 ? `\`\`\`ts\n${declarations.join('\n\n')}\n\`\`\`\n` : '';
}

/** What one entry exports, and the types of the project that those name. */
class Api {
  readonly exported: readonly ts.Symbol[];
  readonly named: readonly ts.Symbol[];
  /** What it adds to types of the platform. */
  readonly globals: readonly string[];
  readonly #checker: ts.TypeChecker;
  readonly #printer = ts.createPrinter({ removeComments: true });

  constructor(program: ts.Program, entry: string) {
    this.#checker = program.getTypeChecker();
    const module = this.#checker.getSymbolAtLocation(program.getSourceFile(entry)!)!;
    const own = this.#checker.getExportsOfModule(module);
    this.exported = own.map((symbol) => this.#resolve(symbol)).sort(byName);
    const found = new Set(this.exported);
    // A set yields what is added while it is walked.
    for (const symbol of found) for (const each of this.#namedBy(symbol)) found.add(each);
    this.named = [...found].filter((symbol) => !this.exported.includes(symbol)).sort(byName);
    const files = new Set(own.flatMap((symbol) => this.#filesOf(symbol)));
    this.globals = [...files].flatMap((file) =>
      file.statements.filter((statement) => isGlobal(statement)).map((statement) => this.#text(statement)),
    );
  }

  print(symbol: ts.Symbol): string {
    return statementsOf(symbol)
      .map((statement) => this.#text(statement))
      .join('\n');
  }

  #text(statement: ts.Statement): string {
    return this.#printer
      .printNode(ts.EmitHint.Unspecified, statement, statement.getSourceFile())
      .replace(/^(export )?(declare )?/, '')
      .replace(/^\s*#private;\n/gm, '');
  }

  #resolve(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  /** The modules through which an export comes. */
  #filesOf(symbol: ts.Symbol): ts.SourceFile[] {
    const files = (symbol.declarations ?? []).map((declaration) => declaration.getSourceFile());
    const next =
      symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getImmediateAliasedSymbol(symbol) : undefined;
    return next ? [...files, ...this.#filesOf(next)] : files;
  }

  #namedBy(symbol: ts.Symbol): ts.Symbol[] {
    const found: ts.Symbol[] = [];
    const visit = (node: ts.Node): void => {
      const named = ts.isIdentifier(node) ? this.#checker.getSymbolAtLocation(node) : undefined;
      if (named && statementsOf(this.#resolve(named)).length > 0) found.push(this.#resolve(named));
      ts.forEachChild(node, visit);
    };
    statementsOf(symbol).forEach(visit);
    return found;
  }
}

function byName(a: ts.Symbol, b: ts.Symbol): number {
  return a.name < b.name ? -1 : 1;
}

function isGlobal(statement: ts.Statement): boolean {
  return ts.isModuleDeclaration(statement) && statement.name.text === 'global';
}

/** The statements of the project that declare it; none for members of something, and for what is not the project's. */
function statementsOf({ declarations = [] }: ts.Symbol): ts.Statement[] {
  return declarations.flatMap((declaration) => {
    const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    const isOurs = !relative(TYPES, node.getSourceFile().fileName).startsWith('..');
    const isStatement = ts.isStatement(node) && ts.isSourceFile(node.parent);
    return isOurs && isStatement && !ts.isExportDeclaration(node) ? [node] : [];
  });
}

/**
 * The declarations that the build would write, in memory, and only of those modules that the entries' types need.
 *
 * @param files in dist/types
 */
function declarationsOf(files: readonly string[]): ts.Program {
  const options: ts.CompilerOptions = { ...buildOptions(), types: ['node'], outDir: TYPES };
  const host = sharingSources(ts.createCompilerHost(options));
  const sourceOf = (path: string): string =>
    join(projectRoot, relative(TYPES, path)).replace(/\.d\.ts$/, '.ts');
  const ambient = join(projectRoot, 'agent/fvad-wasm.d.ts');
  const program = ts.createProgram([...files.map(sourceOf), ambient], options, host);
  const declared = (path: string): string | undefined => {
    const source = path.startsWith(TYPES) ? program.getSourceFile(sourceOf(path)) : undefined;
    let text: string | undefined;
    if (source) program.emit(source, (_, made) => (text = made), undefined, true);
    return text;
  };
  const read = host.readFile.bind(host);
  const exists = host.fileExists.bind(host);
  host.readFile = (path) => declared(path) ?? read(path);
  host.fileExists = (path) =>
    path.startsWith(TYPES) ? Boolean(program.getSourceFile(sourceOf(path))) : exists(path);
  // What is only in memory is in no folder.
  delete host.directoryExists;
  return ts.createProgram([...files], { ...options, noEmit: true, emitDeclarationOnly: false }, host);
}

/** Both programs read the same libraries: they are parsed once. */
function sharingSources(host: ts.CompilerHost): ts.CompilerHost {
  const known = new Map<string, ts.SourceFile | undefined>();
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...rest) => {
    if (!known.has(path)) known.set(path, parse(path, ...rest));
    return known.get(path);
  };
  return host;
}

function buildOptions(): ts.CompilerOptions {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  const path = join(projectRoot, 'tsconfig.build.json');
  return ts.getParsedCommandLineOfConfigFile(path, undefined, host)?.options ?? {};
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await mkdir(join(projectRoot, 'docs/api'), { recursive: true });
  for (const { path, text } of await createApiReports()) await writeFile(join(projectRoot, path), text);
  console.log('Wrote docs/api.');
}
