/**
 * custom-elements.json: what the elements offer, read from their sources. It is committed as the report of the public
 * API, so that every change of that shows in review; types and editor data are made from it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { create, ts } from '@custom-elements-manifest/analyzer/index.js';
import { litPlugin } from '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js';
import { LAYOUTS, PLACEMENTS, THEMES, VISUALIZERS } from '../components/parts/face-choices.js';
import { VoiceAgentControlsElement } from '../components/voice-agent-controls/voice-agent-controls.js';
import { VoiceAgentDevicesElement } from '../components/voice-agent-devices/voice-agent-devices.js';
import { VoiceAgentExportElement } from '../components/voice-agent-export/voice-agent-export.js';
import { VoiceAgentExtrasElement } from '../components/voice-agent-extras/voice-agent-extras.js';
import { VoiceAgentRecorderElement } from '../components/voice-agent-recorder/voice-agent-recorder.js';
import { VoiceAgentSoundsElement } from '../components/voice-agent-sounds/voice-agent-sounds.js';
import { VoiceAgentStatsElement } from '../components/voice-agent-stats/voice-agent-stats.js';
import { VoiceAgentTranscriptElement } from '../components/voice-agent-transcript/voice-agent-transcript.js';
import { VoiceAgentVisualizerElement } from '../components/voice-agent-visualizer/voice-agent-visualizer.js';
import { VoiceAgentElement } from '../components/voice-agent/voice-agent.js';
import { FACE_OPTIONS } from '../components/voice-agent/face-options.js';
import { CALL_OPTIONS, type Option } from '../src/index.js';
import { projectRoot } from './project-root.mjs';
import { publicTypes } from './public-types.js';

export interface Described {
  readonly name: string;
  readonly description?: string;
  readonly default?: string;
}
export interface Member extends Described {
  readonly kind: 'field' | 'method';
  readonly privacy?: 'public' | 'protected' | 'private';
  readonly static?: boolean;
  readonly readonly?: boolean;
  readonly type?: { readonly text: string };
  readonly parameters?: readonly { readonly name: string; readonly optional?: boolean }[];
  inheritedFrom?: unknown;
  attribute?: string;
  reflects?: boolean;
}
export interface Attribute extends Described {
  readonly fieldName: string;
  readonly type: { readonly text: string };
}
export interface ElementDeclaration extends Described {
  readonly kind: 'class';
  readonly tagName: string;
  readonly summary: string;
  readonly slots?: readonly Described[];
  readonly cssParts?: readonly Described[];
  readonly cssProperties?: readonly Described[];
  members: readonly Member[];
  attributes: readonly Attribute[];
  events?: readonly (Described & { readonly type: { readonly text: string }; inheritedFrom?: unknown })[];
  superclass?: Described & { readonly package?: string };
}
interface Export {
  readonly kind: string;
  readonly name: string;
  readonly declaration: { readonly name: string; readonly module: string };
}
export interface ManifestModule {
  readonly kind: string;
  readonly path: string;
  readonly declarations: readonly ElementDeclaration[];
  readonly exports: readonly Export[];
}
export interface Manifest {
  readonly schemaVersion: string;
  readonly modules: readonly ManifestModule[];
}

interface ElementClass {
  readonly observedAttributes: readonly string[];
  readonly elementProperties: ReadonlyMap<
    PropertyKey,
    { readonly attribute?: string | boolean; readonly reflect?: boolean; readonly state?: boolean }
  >;
}

/** Where a user's import finds an element: the tarball holds no sources. */
const ELEMENT_ENTRY = 'dist/element.js';
const PARTS_ENTRY = 'dist/parts.js';

const ELEMENTS: Readonly<Record<string, ElementClass>> = {
  'voice-agent': VoiceAgentElement,
  'voice-agent-transcript': VoiceAgentTranscriptElement,
  'voice-agent-controls': VoiceAgentControlsElement,
  'voice-agent-visualizer': VoiceAgentVisualizerElement,
  'voice-agent-devices': VoiceAgentDevicesElement,
  'voice-agent-export': VoiceAgentExportElement,
  'voice-agent-extras': VoiceAgentExtrasElement,
  'voice-agent-recorder': VoiceAgentRecorderElement,
  'voice-agent-sounds': VoiceAgentSoundsElement,
  'voice-agent-stats': VoiceAgentStatsElement,
};

/** What elements are made on. The analyzer needs to read it; in the manifest, its members are the elements' own. */
const BASES = ['components/voice-agent/call-element.ts', 'components/extras/agent-part.ts'];

/** Unions that the sources name: with their members, an editor can complete them. */
const UNIONS: Readonly<Record<string, readonly string[]>> = {
  Layout: LAYOUTS,
  Placement: PLACEMENTS,
  Theme: THEMES,
  VisualizerName: VISUALIZERS,
};

/** Lit's life cycle and what overrides the platform's own: nobody calls those. */
const INTERNAL = new Set([
  'connectedMoveCallback',
  'addEventListener',
  'createAgent',
  'styles',
  'properties',
]);

/** @returns The manifest as the sources have it. */
export async function createManifest(): Promise<Manifest> {
  const sources = await Promise.all(
    [...Object.keys(ELEMENTS).map((tag) => `components/${tag}/${tag}.ts`), ...BASES].map(async (path) => {
      const text = await readFile(join(projectRoot, path), 'utf8');
      return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
    }),
  );
  const read = create({ modules: sources, plugins: litPlugin(), context: { dev: false } }) as Manifest;
  const bases = read.modules
    .filter(({ path }) => BASES.includes(path))
    .flatMap((module) => module.declarations);
  const modules = read.modules.filter(({ path }) => !BASES.includes(path));
  for (const { declarations } of modules)
    for (const declaration of declarations) {
      const base = bases.find(({ name }) => name === declaration.superclass?.name);
      if (base?.superclass) declaration.superclass = base.superclass;
      if (declaration.tagName === 'voice-agent')
        describeAgent(
          declaration,
          bases.find(({ name }) => name === 'CallElement')!,
        );
      complete(declaration);
    }
  return { ...read, modules: asBuilt(modules) };
}

/** The modules as the package has them: the analyzer names the sources. */
function asBuilt(modules: readonly ManifestModule[]): ManifestModule[] {
  return [ELEMENT_ENTRY, PARTS_ENTRY].map((path) => {
    const declarations = modules
      .flatMap((module) => module.declarations)
      .filter(({ tagName }) => (tagName === 'voice-agent') === (path === ELEMENT_ENTRY));
    const exported = declarations.flatMap(({ name, tagName }) => {
      const declaration = { name, module: path };
      return [
        { kind: 'js', name, declaration },
        { kind: 'custom-element-definition', name: tagName, declaration },
      ];
    });
    return { kind: 'javascript-module', path, declarations, exports: exported };
  });
}

/** Options and events are declared in tables, which the analyzer does not read. The compiler does. */
function describeAgent(declaration: ElementDeclaration, base: ElementDeclaration): void {
  const propertiesOf = publicTypes();
  const properties = propertiesOf('components/voice-agent/voice-agent.ts', declaration.name);
  const described = [
    ...propertiesOf('src/client/options.ts', 'VoiceAgentOptions'),
    ...propertiesOf('components/voice-agent/face-options.ts', 'FaceProperties'),
  ];
  const options = described.map(({ name, description }): Member => {
    const { type } = properties.find((property) => property.name === name)!;
    return { kind: 'field', name, type: { text: type }, description, inheritedFrom: 'the table' };
  });
  const events = propertiesOf('src/client/events.ts', 'VoiceAgentEventMap');
  const added = propertiesOf(
    'components/voice-agent/voice-agent.events.ts',
    'VoiceAgentElementEventMap',
  ).filter(({ name }) => !events.some((event) => event.name === name));
  const inherited = base.members.map((member): Member => ({ ...member, inheritedFrom: base.name }));
  const members = [...options, ...inherited, ...declaration.members].reverse();
  // What the element overrides counts; a row of the table counts before what the analyzer finds of it.
  const byName = new Map(members.map((member) => [member.name, member]));
  for (const own of declaration.members) {
    const overridden = inherited.some(({ name }) => name === own.name);
    if (overridden) byName.set(own.name, { ...own, inheritedFrom: base.name });
  }
  declaration.members = [...new Set(members.reverse().map(({ name }) => byName.get(name)!))];
  declaration.superclass = { name: 'LitElement', package: 'lit' };
  declaration.events = [...events, ...added].map(({ name, type, description }) => ({
    name,
    type: { text: type },
    description,
  }));
}

/** The analyzer reads what is written; which attributes Lit makes of that, the class itself knows best. */
function complete(declaration: ElementDeclaration): void {
  const element = ELEMENTS[declaration.tagName];
  if (!element) throw new Error(`${declaration.name} has no known tag.`);
  // Reading it makes Lit resolve the properties.
  if (element.observedAttributes.length === 0) throw new Error(`${declaration.name} has no attributes.`);
  const members = declaration.members.filter(
    ({ name, privacy }) =>
      privacy !== 'private' && privacy !== 'protected' && !INTERNAL.has(name) && !name.startsWith('#'),
  );
  // Fields before methods; in each, the options of a call first.
  const rank = (member: Member): number =>
    (member.kind === 'field' ? 0 : 2) + (member.inheritedFrom === undefined ? 1 : 0);
  members.sort((a, b) => rank(a) - rank(b));
  for (const inherited of [...members, ...(declaration.events ?? [])]) delete inherited.inheritedFrom;
  const written = declaration.attributes;
  const attributes: Attribute[] = [];
  for (const member of members) {
    const options = element.elementProperties.get(member.name);
    if (!options || options.attribute === false || options.state) continue;
    const attribute = typeof options.attribute === 'string' ? options.attribute : member.name.toLowerCase();
    member.attribute = attribute;
    if (options.reflect) member.reflects = true;
    const description =
      member.description ?? written.find((each) => each.name === attribute)?.description ?? '';
    attributes.push({
      name: attribute,
      type: { text: choicesOf(member.name) ?? attributeType(member.type?.text ?? 'string') },
      ...(description ? { description } : {}),
      ...(member.default ? { default: member.default } : {}),
      fieldName: member.name,
    });
  }
  declaration.members = members;
  declaration.attributes = attributes;
  if (declaration.events)
    declaration.events = declaration.events.filter(({ name }) => /^[a-z-]+$/.test(name));
}

/** Of an option, where it has only some values. */
function choicesOf(name: string): string | undefined {
  const options: Readonly<Record<string, Option>> = { ...CALL_OPTIONS, ...FACE_OPTIONS };
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  const choices = option?.kind === 'text' ? option.choices : undefined;
  return choices?.map((value) => `'${value}'`).join(' | ');
}

/** `Layout | null` → `'panel' | 'bar' | …`. */
function attributeType(type: string): string {
  const name = type.replace(/ \| (null|undefined)/g, '');
  return UNIONS[name]?.map((value) => `'${value}'`).join(' | ') ?? name;
}

export const MANIFEST_PATH = join(projectRoot, 'custom-elements.json');

/** As it is committed. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const manifest = await createManifest();
  await writeFile(MANIFEST_PATH, manifestText(manifest));
  // Not above: what makes tables needs the types of this file, and nothing else needs the tables.
  const { TABLE_PAGES, writeTables } = await import('./manifest-tables.js');
  await writeTables(manifest);
  console.log(`Wrote custom-elements.json, and the tables of ${TABLE_PAGES.join(', ')}.`);
}
