/**
 * custom-elements.json: the API of the elements, read from their sources by the analyzer. It is committed, so that a review
 * sees every change; types and editor data are generated from it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { create, ts } from '@custom-elements-manifest/analyzer/index.js';
import { litPlugin } from '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js';
import type * as schema from 'custom-elements-manifest';
import type { LitElement } from 'lit';
import { glob } from 'tinyglobby';
import * as parts from '../components/define-parts.js';
import { VoiceAgentElement } from '../components/voice-agent/voice-agent.js';
import { projectRoot } from './project-root.mjs';
import { publicTypes } from './public-types.js';

export type Described = Pick<schema.Attribute, 'name' | 'description' | 'default'>;
type OfMethods = Pick<schema.ClassMethod, 'parameters'>;
export type Member = Omit<schema.CustomElementField, 'kind'> & OfMethods & { kind: 'field' | 'method' };
export type Attribute = schema.Attribute & { fieldName: string; type: schema.Type };
export interface ElementDeclaration extends Omit<schema.CustomElementDeclaration, 'members'> {
  tagName: string;
  members: Member[];
  attributes: Attribute[];
}
type Module = Omit<schema.JavaScriptModule, 'declarations' | 'exports'> & {
  declarations: ElementDeclaration[];
  exports: schema.Export[];
};
export type Manifest = Omit<schema.Package, 'modules'> & { modules: Module[] };

/** The modules from which users import the elements, because the package contains no sources. */
const ELEMENT_ENTRY = 'dist/element.js';
const PARTS_ENTRY = 'dist/parts.js';

/** Base classes. The analyzer must read them; the manifest lists their members as the elements' own. */
const BASES = ['components/voice-agent/call-element.ts', 'components/extras/agent-part.ts'];

/** Lit's life cycle, and overrides of the platform's methods: not part of the public API. */
const INTERNAL = new Set([
  'connectedMoveCallback',
  'addEventListener',
  'createAgent',
  'styles',
  'properties',
]);

/** @returns The manifest as the sources have it. */
export async function createManifest(): Promise<Manifest> {
  const entries = await glob('components/voice-agent*/define.ts', { cwd: projectRoot });
  const elements = entries.sort().map((entry) => `${dirname(entry)}/${basename(dirname(entry))}.ts`);
  const sources = [...elements, ...BASES].map(async (path) => {
    const text = withOptions(await readFile(join(projectRoot, path), 'utf8'));
    return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  });
  const read = create({ modules: await Promise.all(sources), plugins: litPlugin(), context: { dev: false } });
  const { modules, ...manifest } = read as Manifest;
  const bases = modules.filter(({ path }) => BASES.includes(path)).flatMap((module) => module.declarations);
  const declarations = modules
    .filter(({ path }) => !BASES.includes(path))
    .flatMap(({ path, declarations: own }) => own.map((declaration) => complete(declaration, path, bases)));
  return { ...manifest, modules: asBuilt(declarations) };
}

/** The analyzer names the sources; this names the modules of the package. */
function asBuilt(elements: readonly ElementDeclaration[]): Module[] {
  return [ELEMENT_ENTRY, PARTS_ENTRY].map((path) => {
    const declarations = elements.filter(
      ({ tagName }) => (tagName === 'voice-agent') === (path === ELEMENT_ENTRY),
    );
    const exported = declarations.flatMap(({ name, tagName }): schema.Export[] => {
      const declaration = { name, module: path };
      return [
        { kind: 'js', name, declaration },
        { kind: 'custom-element-definition', name: tagName, declaration },
      ];
    });
    return { kind: 'javascript-module', path, declarations, exports: exported };
  });
}

/** The analyzer cannot read the tables that declare the options, so they are added as fields of the base class. */
function withOptions(source: string): string {
  const propertiesOf = publicTypes();
  const typed = propertiesOf('components/voice-agent/voice-agent.ts', 'VoiceAgentElement');
  const fields = [
    ...propertiesOf('src/client/options.ts', 'VoiceAgentOptions'),
    ...propertiesOf('components/voice-agent/ui-options.ts', 'UiProperties'),
  ].map(({ name, description }) => {
    const type = typed.find((property) => property.name === name)?.type ?? '';
    return `/** ${description} */ declare ${name}: ${type};`;
  });
  return source
    .replace(' extends TypedElement {', () => ` extends LitElement {\n${fields.join('\n')}`)
    .replace(' extends TypedCallElement {', ' extends CallElement {');
}

/** The analyzer sees only the text. The class knows the attributes that Lit derives, the compiler the types of their values. */
function complete(
  declaration: ElementDeclaration,
  path: string,
  bases: readonly ElementDeclaration[],
): ElementDeclaration {
  const classes: Readonly<Record<string, unknown>> = { ...parts, VoiceAgentElement };
  const { observedAttributes, elementProperties } = classes[declaration.name] as typeof LitElement;
  // Reading it makes Lit resolve the properties.
  if (observedAttributes.length === 0) throw new Error(`${declaration.name} has no attributes.`);
  const typed = publicTypes()(path, declaration.name);
  const members = declaration.members.filter(
    ({ name, privacy }) =>
      privacy !== 'private' && privacy !== 'protected' && !INTERNAL.has(name) && !name.startsWith('#'),
  );
  const base = bases.find(({ name }) => name === declaration.superclass?.name)!;
  const inherited = base.members.map(({ name }) => name);
  // Fields before methods; in each, what is inherited first: the options of a call.
  const place = ({ kind, name }: Member): number =>
    (kind === 'field' ? 0 : 1_000) + (inherited.includes(name) ? inherited.indexOf(name) : 999);
  members.sort((a, b) => place(a) - place(b));
  for (const member of members) delete member.inheritedFrom;
  const attributes = members.flatMap((member): Attribute[] => {
    const options = elementProperties.get(member.name);
    if (!options || options.attribute === false || options.state) return [];
    member.attribute = typeof options.attribute === 'string' ? options.attribute : member.name.toLowerCase();
    if (options.reflect) member.reflects = true;
    const { name: fieldName, attribute: name, description, default: initial } = member;
    const text = typed.find((property) => property.name === fieldName)?.attributeType ?? 'string';
    return [
      {
        name,
        type: { text },
        ...(description ? { description } : {}),
        ...(initial ? { default: initial } : {}),
        fieldName,
      },
    ];
  });
  const events = path.endsWith('/voice-agent.ts') ? agentEvents() : declaration.events;
  const superclass = { name: 'LitElement', package: 'lit' };
  return { ...declaration, superclass, members, attributes, ...(events ? { events } : {}) };
}

/** Those of a call, then those that the element adds. */
function agentEvents(): schema.Event[] {
  const ofCall = publicTypes()('src/client/events.ts', 'VoiceAgentEventMap').map(({ name }) => name);
  const all = publicTypes()('components/voice-agent/voice-agent.events.ts', 'VoiceAgentElementEventMap');
  const added = all.filter(({ name }) => !ofCall.includes(name));
  return [...all.filter(({ name }) => ofCall.includes(name)), ...added].map(
    ({ name, type, description }) => ({ name, type: { text: type }, description }),
  );
}

export const MANIFEST_PATH = join(projectRoot, 'custom-elements.json');

/** As it is committed. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const manifest = await createManifest();
  await writeFile(MANIFEST_PATH, manifestText(manifest));
  // Imported here, because manifest-tables.ts imports this file, and nothing else needs the tables.
  const { TABLE_PAGES, writeTables } = await import('./manifest-tables.js');
  await writeTables(manifest);
  console.log(`Wrote custom-elements.json, and the tables of ${TABLE_PAGES.join(', ')}.`);
}
