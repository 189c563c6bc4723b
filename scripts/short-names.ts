/**
 * Which properties get short names in what is built. The minifier shortens variables and `#private` names, but it cannot
 * know whether anybody else reads `bytesWaiting` of an object; the type checker can. A name is short when every place of
 * the sources that says it means a property declared in the sources, and nothing outside of them can know it: no type of
 * the API, no message of the protocol, no text, no key that is looked up by a value. Every file of the build and every
 * script inside gets the same short name for it, so that they understand each other's messages.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';
import { projectRoot } from './project-root.mjs';

export type ShortNames = ReadonlyMap<string, string>;

/** Letters in the order in which minifiers like to use them. */
const LETTERS = 'etnriaoscludfpmhgvybxSCwTEDkOAjMNPFILRzBVHUWGKqJYXZQ_$';
/** The modules of Lit that are inside the one file. */
const LIT_MODULES = [
  '@lit/reactive-element/reactive-element.js',
  'lit-html/lit-html.js',
  'lit-element/lit-element.js',
];

let shortNames: ShortNames | undefined;

/** Made once for a build: the type checker takes some seconds. */
export function findShortNames(): ShortNames {
  shortNames ??= new Survey().shortNames();
  return shortNames;
}

class Survey {
  readonly #checker: ts.TypeChecker;
  /** How often each property is named in the sources. */
  readonly #counts = new Map<string, number>();
  readonly #known = new Set<string>();
  /** What gets a value here. The others are declared for somebody else's objects. */
  readonly #defined = new Set<string>();
  /** Names of one or two characters that mean something already. */
  readonly #taken = new Set<string>();

  constructor() {
    const program = programOfTheSources();
    this.#checker = program.getTypeChecker();
    this.#knowDocuments();
    for (const file of program.getSourceFiles()) {
      if (isSource(file.fileName)) this.#visit(file);
      if (/\/lib\.es[^/]*$/.test(file.fileName)) this.#knowMembers(file);
      this.#takeShort(file);
    }
  }

  shortNames(): ShortNames {
    const names = [...this.#counts]
      .filter(([name]) => this.#defined.has(name) && !this.#known.has(name) && name.length > 2)
      .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
    const free = freeNames(this.#taken);
    return new Map(names.map(([name]) => [name, free.next().value]));
  }

  /** What the API's reports and the protocol's module say is known outside; Lit's names are known to Lit. */
  #knowDocuments(): void {
    const reports = readdirSync(join(projectRoot, 'docs/api')).map((file) => join('docs/api', file));
    for (const path of ['custom-elements.json', 'src/protocol/messages.ts', ...reports])
      this.#knowWords(readFileSync(join(projectRoot, path), 'utf8'));
    for (const module of LIT_MODULES) {
      const text = readFileSync(join(projectRoot, 'node_modules', module), 'utf8');
      for (const name of text.match(/\b_\$[\w$]+/g) ?? []) this.#define(name);
      for (const [, name] of text.matchAll(/ as (_\$\w+)/g)) this.#known.add(name!);
      for (const word of wordsOf(text)) if (!word.startsWith('_$')) this.#known.add(word);
      this.#takeShort(ts.createSourceFile(module, text, ts.ScriptTarget.Latest));
    }
  }

  #knowWords(text: string): void {
    for (const word of wordsOf(text)) this.#known.add(word);
  }

  /** What every object, array or promise has may be said by code that the bundler adds. */
  #knowMembers(node: ts.Node): void {
    if (isMember(node) && node.name && ts.isIdentifier(node.name)) this.#known.add(node.name.text);
    ts.forEachChild(node, (child) => this.#knowMembers(child));
  }

  /** Somebody else's value, which the sources describe by a type of their own. */
  #knowAssertedType(type: ts.Type, depth = 0): void {
    if (depth > 4) return;
    for (const part of type.isUnionOrIntersection() ? type.types : [type]) {
      for (const signature of part.getCallSignatures()) {
        this.#knowAssertedType(signature.getReturnType(), depth + 1);
        for (const parameter of signature.getParameters())
          this.#knowAssertedType(this.#checker.getTypeOfSymbol(parameter), depth + 1);
      }
      for (const property of part.getProperties().filter(isOurs)) {
        // classes are our own; so is the engine
        if (isOfTheEngine(property) || property.declarations?.some(isInClass)) continue;
        this.#known.add(property.name);
        this.#knowAssertedType(this.#checker.getTypeOfSymbol(property), depth + 1);
      }
    }
  }

  #knowPropertiesOf(node: ts.Node | undefined): void {
    if (!node) return;
    const type = this.#checker.getTypeAtLocation(node);
    for (const { name } of this.#checker.getApparentType(type).getProperties()) this.#known.add(name);
    if (type.isUnion())
      for (const each of type.types) for (const { name } of each.getProperties()) this.#known.add(name);
  }

  #visit(node: ts.Node): void {
    if (ts.isIdentifier(node)) this.#visitName(node);
    else if (ts.isStringLiteralLike(node) || isTemplatePart(node)) {
      // prose is never compared with a name
      if (!/^[A-Z].* .*[.!?]$/s.test(node.text)) this.#knowWords(node.text);
    } else if (ts.isElementAccessExpression(node)) {
      this.#knowPropertiesOf(isIndex(this.#checker, node.argumentExpression) ? undefined : node.expression);
    } else if (ts.isAsExpression(node)) this.#knowAssertedType(this.#checker.getTypeAtLocation(node));
    else if (ts.isForInStatement(node)) this.#knowPropertiesOf(node.expression);
    else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword)
      this.#knowPropertiesOf(node.right);
    else if (
      ts.isCallExpression(node) &&
      /^(Object|JSON|Reflect)\.(?!assign)/.test(node.expression.getText())
    )
      for (const argument of node.arguments) this.#knowPropertiesOf(argument);
    else if (isImportCall(node)) this.#knowModule(node.arguments[0]!);
    ts.forEachChild(node, (child) => this.#visit(child));
  }

  /** A module that is loaded on demand may come from another release: what it shows keeps its names. */
  #knowModule(specifier: ts.Node): void {
    const module = this.#checker.getSymbolAtLocation(specifier);
    for (const exported of module ? this.#checker.getExportsOfModule(module) : []) {
      const type = this.#checker.getTypeOfSymbol(exported);
      this.#knowAssertedType(type);
      for (const signature of type.getConstructSignatures()) {
        for (const { name } of signature.getReturnType().getProperties()) this.#known.add(name);
        for (const parameter of signature.getParameters())
          this.#knowAssertedType(this.#checker.getTypeOfSymbol(parameter));
      }
    }
  }

  #visitName(node: ts.Identifier): void {
    const { parent, text } = node;
    if (isExported(parent, node)) this.#known.add(text);
    if (ts.isPropertyAccessExpression(parent) && parent.name === node)
      this.#note(text, this.#checker.getSymbolAtLocation(node));
    else if (ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent)) {
      if ((parent.propertyName ?? parent.name) === node && !parent.dotDotDotToken)
        this.#note(text, this.#checker.getTypeAtLocation(parent.parent).getProperty(text));
    } else if (isMember(parent) && parent.name === node) this.#visitMember(parent, text);
  }

  #visitMember(member: ts.ClassElement | ts.TypeElement | ts.ObjectLiteralElement, name: string): void {
    const symbol = this.#checker.getSymbolAtLocation(member.name!);
    this.#note(name, symbol);
    const holder = member.parent;
    const isTyped = ts.isInterfaceDeclaration(holder) || ts.isTypeLiteralNode(holder);
    if (!isTyped || (symbol && isOfTheEngine(symbol))) this.#defined.add(name);
    if (ts.isObjectLiteralExpression(holder)) {
      const expected = this.#checker.getContextualType(holder);
      for (const type of expected?.isUnion() ? expected.types : [expected]) {
        const property = type?.getProperty(name);
        if (property ? !isOurs(property) : type?.getStringIndexType()) this.#known.add(name);
      }
    } else if (ts.isClassLike(holder)) {
      for (const { types } of holder.heritageClauses ?? [])
        for (const type of types) {
          const property = this.#checker.getTypeAtLocation(type).getProperty(name);
          if (property && !isOurs(property)) this.#known.add(name);
        }
    }
  }

  #define(name: string): void {
    this.#defined.add(name);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  #note(name: string, symbol: ts.Symbol | undefined): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    if (!symbol || !isOurs(symbol)) this.#known.add(name);
  }

  #takeShort(node: ts.Node): void {
    const name = (ts.isPropertyAccessExpression(node) || isMember(node)) && node.name;
    if (name && ts.isIdentifier(name) && name.text.length <= 2) this.#taken.add(name.text);
    ts.forEachChild(node, (child) => this.#takeShort(child));
  }
}

function programOfTheSources(): ts.Program {
  const files = ['src', 'components'].flatMap((folder) =>
    ts.sys.readDirectory(join(projectRoot, folder), ['.ts']),
  );
  const { config } = ts.readConfigFile(join(projectRoot, 'tsconfig.base.json'), (path) =>
    ts.sys.readFile(path),
  ) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, projectRoot);
  // every environment at once: what any of them knows is foreign
  const lib = ['es2023', 'dom', 'dom.iterable', 'webworker'].map((name) => `lib.${name}.d.ts`);
  return ts.createProgram(files, { ...options, lib, types: ['audioworklet'] });
}

function isSource(path: string): boolean {
  const [room, folder] = relative(projectRoot, path).split(sep === '/' ? '/' : /[\\/]/);
  return (room === 'src' || room === 'components') && folder !== 'generated';
}

function isOurs(symbol: ts.Symbol): boolean {
  const declarations = symbol.declarations ?? [];
  return declarations.length > 0 && declarations.every((each) => isSource(each.getSourceFile().fileName));
}

/** The exports of the engine, which get the same short names in its bytes. */
function isOfTheEngine({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some((each) => each.getSourceFile().fileName.endsWith('/engine/engine-exports.ts'));
}

function isInClass({ parent }: ts.Node): boolean {
  return ts.isClassLike(parent);
}

type Member = ts.ClassElement | ts.TypeElement | ts.ObjectLiteralElement;

function isMember(node: ts.Node): node is Member {
  return ts.isClassElement(node) || ts.isTypeElement(node) || ts.isObjectLiteralElement(node);
}

function isTemplatePart(node: ts.Node): node is ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail {
  return ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
}

function isImportCall(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

/** Exports of modules may be asked for by name where modules are loaded at run time. */
function isExported(parent: ts.Node, name: ts.Identifier): boolean {
  if (ts.isExportSpecifier(parent) || ts.isImportSpecifier(parent)) return true;
  const isDeclared =
    ts.isFunctionDeclaration(parent) || ts.isClassDeclaration(parent) || ts.isVariableDeclaration(parent);
  return (
    isDeclared && parent.name === name && ts.getCombinedModifierFlags(parent) === ts.ModifierFlags.Export
  );
}

function isIndex(checker: ts.TypeChecker, expression: ts.Expression): boolean {
  return (checker.getTypeAtLocation(expression).flags & ts.TypeFlags.NumberLike) !== 0;
}

function wordsOf(text: string): readonly string[] {
  return text.match(/[A-Za-z_$][\w$]*/g) ?? [];
}

function* freeNames(taken: ReadonlySet<string>): Generator<string, never> {
  for (const first of LETTERS) if (!taken.has(first)) yield first;
  for (const first of LETTERS)
    for (const second of LETTERS) if (!taken.has(first + second)) yield first + second;
  throw new Error('There are no short names left.');
}
