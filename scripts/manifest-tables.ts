/**
 * The tables of README.md and of the guides, generated from the manifest, so that they agree with the sources. Each is
 * between `<!-- manifest:name -->` and `<!-- /manifest -->`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Described, ElementDeclaration, Manifest, Member } from './manifest.js';
import { projectRoot } from './project-root.mjs';
import { publicTypes } from './public-types.js';

/** Pages that hold tables, relative to the checkout. */
export const TABLE_PAGES = ['README.md', 'docs/guides/theming.md', 'docs/guides/parts.md'];

/** For an event with more fields, the table links to the API report instead. */
const MOST_FIELDS = 8;

type Cells = readonly (string | undefined)[];

/** @param agent `<voice-agent>` itself, and then the parts */
const TABLES: Readonly<
  Record<string, (agent: ElementDeclaration, parts: readonly ElementDeclaration[]) => string>
> = {
  attributes: ({ attributes }) => table(['attribute', 'what it does'], named(attributes)),
  properties: ({ members }) => table(['property', 'what it is'], named(propertiesOf(members))),
  methods: (agent) => table(['method', 'what it does'], methodsOf(agent)),
  events: ({ events = [] }) => {
    const fields = eventFields();
    return table(
      ['event', '`detail`', 'when'],
      events.map(({ name, description }) => [code(name), fields(name), description]),
    );
  },
  slots: ({ slots }) => table(['slot', 'what it holds'], named(slots)),
  'css-parts': ({ cssParts }) => table(['part', 'what it is'], named(cssParts)),
  'css-properties': ({ cssProperties = [] }) =>
    table(
      ['property', 'default', 'what it colours or sizes'],
      cssProperties.map(({ name, default: value, description }) => [
        code(name),
        value ? code(value) : '–',
        description,
      ]),
    ),
  elements: (_agent, parts) => parts.map(section).join('\n\n'),
};

/**
 * @param path of a page, relative to the checkout
 * @returns the page with its tables as the manifest has them
 * @throws Error if the page names an unknown table
 */
export async function pageWithTables(path: string, { modules }: Manifest): Promise<string> {
  const page = await readFile(join(projectRoot, path), 'utf8');
  const [agent, ...parts] = modules.flatMap(({ declarations }) => declarations);
  const filled = page.replace(/<!-- manifest:([\w-]+) -->[^]*?<!-- \/manifest -->/g, (_, name: string) => {
    const made = TABLES[name];
    if (!made) throw new Error(`${path}: there is no table "${name}".`);
    const links = made(agent!, parts).replaceAll(
      '](docs/',
      `](${'../'.repeat(path.split('/').length - 1)}docs/`,
    );
    return `<!-- manifest:${name} -->\n\n${links}\n\n<!-- /manifest -->`;
  });
  const file = join(projectRoot, path);
  return format(filled, { ...(await resolveConfig(file)), filepath: file });
}

export async function writeTables(manifest: Manifest): Promise<void> {
  for (const path of TABLE_PAGES)
    await writeFile(join(projectRoot, path), await pageWithTables(path, manifest));
}

function table(head: Cells, rows: readonly Cells[]): string {
  const line = (cells: Cells): string =>
    `| ${cells.map((cell = '') => cell.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function named(list: readonly Described[] = []): Cells[] {
  return list.map(({ name, description }) => [name ? code(name) : '(none)', description]);
}

/** Properties without an attribute, because attributes have their own table. */
function propertiesOf(members: readonly Member[]): Described[] {
  return members
    .filter(({ kind, attribute, static: isStatic }) => kind === 'field' && !attribute && !isStatic)
    .map(({ name, description = '', readonly }) => ({
      name,
      description: `${description}${readonly ? ' Read-only.' : ''}`,
    }));
}

/** `say(text)`, `VoiceAgentElement.addLanguage(language, messages)`. */
function methodsOf({ name: element, members }: ElementDeclaration): Cells[] {
  return members
    .filter(({ kind }) => kind === 'method')
    .map(({ name, parameters = [], static: isStatic, description }) => {
      const given = parameters.map((parameter) => `${parameter.name}${parameter.optional ? '?' : ''}`);
      return [code(`${isStatic ? `${element}.` : ''}${name}(${given.join(', ')})`), description];
    });
}

function code(text: string): string {
  return `\`${text}\``;
}

/** The section about one part. */
function section(element: ElementDeclaration): string {
  const { tagName, summary = '', members, attributes, events, slots, cssParts, cssProperties } = element;
  const kinds: readonly (readonly [kind: string, rows: readonly Cells[]])[] = [
    ['attribute', named(attributes)],
    ['property', named(propertiesOf(members))],
    ['method', methodsOf(element)],
    ['event', named(events)],
    ['slot', named(slots)],
    ['part', named(cssParts)],
    ['custom property', named(cssProperties)],
  ];
  const rows = kinds.flatMap(([kind, ofKind]) => ofKind.map((row, index) => [index ? '' : kind, ...row]));
  return `### ${code(`<${tagName}>`)}\n\n${summary}\n\n${table(['', 'name', 'what it is'], rows)}`;
}

/** What each event carries, as the compiler sees it: `{role, text, itemId?}`. */
function eventFields(): (event: string) => string {
  const events = publicTypes()('components/voice-agent/voice-agent.events.ts', 'VoiceAgentElementEventMap');
  return (name) => {
    const event = events.find((each) => each.name === name);
    if (!event) throw new Error(`The event "${name}" is not in VoiceAgentElementEventMap.`);
    if (event.fields.length === 0) return '–';
    if (event.fields.length > MOST_FIELDS) return `[\`${event.detail}\`](docs/api/index.api.md)`;
    return `\`{${event.fields.join(', ')}}\``;
  };
}
