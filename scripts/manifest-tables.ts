/**
 * The tables of README.md and of the guides, made from the manifest, so that they cannot say anything else than
 * the sources do. Each stands between `<!-- manifest:name -->` and `<!-- /manifest -->`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Described, ElementDeclaration, Manifest, Member } from './manifest.js';
import { projectRoot } from './project-root.mjs';
import { publicTypes } from './public-types.js';

/** Pages that hold tables, relative to the checkout. */
export const TABLE_PAGES = ['README.md', 'docs/guides/theming.md', 'docs/guides/parts.md'];

/** Longer lists of what an event carries are looked up in the report of the types. */
const MOST_FIELDS = 8;

type Table = (elements: readonly ElementDeclaration[]) => string;

const main = ([element]: readonly ElementDeclaration[]): ElementDeclaration => element!;

const TABLES: Readonly<Record<string, Table>> = {
  attributes: (elements) =>
    table(
      ['attribute', 'what it does'],
      main(elements).attributes.map(({ name, description }) => [code(name), description]),
    ),
  properties: (elements) =>
    table(
      ['property', 'what it is'],
      main(elements)
        .members.filter(
          ({ kind, attribute, static: isStatic }) => kind === 'field' && !attribute && !isStatic,
        )
        .map(({ name, description, readonly }) => [
          code(name),
          `${description}${readonly ? ' Read-only.' : ''}`,
        ]),
    ),
  methods: (elements) =>
    table(
      ['method', 'what it does'],
      main(elements)
        .members.filter(({ kind }) => kind === 'method')
        .map((method) => [code(signature(main(elements).name, method)), method.description]),
    ),
  events: (elements) => {
    const fields = eventFields();
    return table(
      ['event', '`detail`', 'when'],
      (main(elements).events ?? []).map(({ name, description }) => [code(name), fields(name), description]),
    );
  },
  slots: (elements) =>
    table(
      ['slot', 'what it holds'],
      (main(elements).slots ?? []).map(({ name, description }) => [
        name ? code(name) : '(none)',
        description,
      ]),
    ),
  'css-parts': (elements) => described('part', main(elements).cssParts),
  'css-properties': (elements) =>
    table(
      ['property', 'default', 'what it colours or sizes'],
      (main(elements).cssProperties ?? []).map(({ name, default: value, description }) => [
        code(name),
        value ? code(value) : '–',
        description,
      ]),
    ),
  elements: (elements) => elements.slice(1).map(section).join('\n\n'),
};

/**
 * @param path of a page, relative to the checkout
 * @returns the page with its tables as the manifest has them
 * @throws Error when the page names a table that there is not
 */
export async function pageWithTables(path: string, { modules }: Manifest): Promise<string> {
  const page = await readFile(join(projectRoot, path), 'utf8');
  const elements = modules.flatMap(({ declarations }) => declarations);
  elements.sort((a, b) => Number(b.tagName === 'voice-agent') - Number(a.tagName === 'voice-agent'));
  const filled = page.replace(/<!-- manifest:([\w-]+) -->[^]*?<!-- \/manifest -->/g, (_, name: string) => {
    const made = TABLES[name];
    if (!made) throw new Error(`${path}: there is no table "${name}".`);
    const links = made(elements).replaceAll('](docs/', `](${'../'.repeat(path.split('/').length - 1)}docs/`);
    return `<!-- manifest:${name} -->\n\n${links}\n\n<!-- /manifest -->`;
  });
  const file = join(projectRoot, path);
  return format(filled, { ...(await resolveConfig(file)), filepath: file });
}

export async function writeTables(manifest: Manifest): Promise<void> {
  for (const path of TABLE_PAGES)
    await writeFile(join(projectRoot, path), await pageWithTables(path, manifest));
}

function table(head: readonly string[], rows: readonly (readonly (string | undefined)[])[]): string {
  const line = (cells: readonly (string | undefined)[]): string =>
    `| ${cells.map((cell = '') => cell.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function described(what: string, list: readonly Described[] = []): string {
  return table(
    [what, 'what it is'],
    list.map(({ name, description }) => [code(name), description]),
  );
}

function code(text: string): string {
  return `\`${text}\``;
}

/** Everything about an element that is used beside the agent's. */
function section(element: ElementDeclaration): string {
  const { name, tagName, summary, members, attributes, events, slots, cssParts, cssProperties } = element;
  const methods = members.filter(({ kind }) => kind === 'method');
  const properties = members.filter(({ kind, attribute }) => kind === 'field' && !attribute);
  const rows = (kind: string, list: readonly Described[] = []): string[][] =>
    list.map((each) => [kind, each.name ? code(each.name) : '(none)', each.description ?? '']);
  const all = [
    ...rows('attribute', attributes),
    ...rows('property', properties),
    ...methods.map((each) => ['method', code(signature(name, each)), each.description ?? '']),
    ...rows('event', events),
    ...rows('slot', slots),
    ...rows('part', cssParts),
    ...rows('custom property', cssProperties),
  ];
  const shown = all.map(([kind = '', ...rest], index) => [kind === all[index - 1]?.[0] ? '' : kind, ...rest]);
  return `### ${code(`<${tagName}>`)}\n\n${summary}\n\n${table(['', 'name', 'what it is'], shown)}`;
}

/** `say(text)`, `VoiceAgentElement.addLanguage(language, messages)`. */
function signature(element: string, { name, parameters = [], static: isStatic }: Member): string {
  const given = parameters.map((parameter) => `${parameter.name}${parameter.optional ? '?' : ''}`);
  return `${isStatic ? `${element}.` : ''}${name}(${given.join(', ')})`;
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
