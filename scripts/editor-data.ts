/** What editors and frameworks read, made from the manifest: HTML data, web types, and types of the tags. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestText, createManifest, type ElementDeclaration } from './manifest.js';
import { projectRoot } from './project-root.mjs';

/** @param dist folder of the build. */
export async function writeEditorData(dist: string): Promise<void> {
  const manifest = await createManifest();
  const elements = manifest.modules.flatMap(({ declarations }) => declarations);
  const { version } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  await mkdir(join(dist, 'types'), { recursive: true });
  const files: Record<string, string> = {
    'custom-elements.json': manifestText(manifest),
    'html-data.json': `${JSON.stringify(htmlData(elements), null, 2)}\n`,
    'web-types.json': `${JSON.stringify(webTypes(elements, version), null, 2)}\n`,
    'types/jsx.d.ts': jsxTypes(elements),
    'types/vue.d.ts': vueTypes(elements),
    'types/svelte.d.ts': svelteTypes(elements),
    // Types have no code; a module that resolves keeps bundlers and type checkers from looking for some.
    'types-only.js': 'export {};\n',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(dist, name), content);
}

function values(type: string): string[] {
  return [...type.matchAll(/'([^']+)'/g)].map(([, value = '']) => value);
}

/** VS Code: `"html.customData"` in its settings. */
function htmlData(elements: readonly ElementDeclaration[]): unknown {
  return {
    version: 1.1,
    tags: elements.map(({ tagName, summary, attributes }) => ({
      name: tagName,
      description: summary,
      attributes: attributes.map(({ name, description, type }) => ({
        name,
        description,
        ...(type.text === 'boolean' ? { valueSet: 'v' } : {}),
        ...(values(type.text).length > 0
          ? { values: values(type.text).map((value) => ({ name: value })) }
          : {}),
      })),
    })),
  };
}

/** JetBrains: found through `web-types` in package.json. */
function webTypes(elements: readonly ElementDeclaration[], version: string): unknown {
  return {
    $schema: 'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json',
    name: 'voice-agent-element',
    version,
    'description-markup': 'markdown',
    contributions: {
      html: {
        elements: elements.map(({ tagName, summary, attributes, members, events = [], slots = [] }) => ({
          name: tagName,
          description: summary,
          attributes: attributes.map(({ name, description, type }) => ({
            name,
            description,
            value: { type: type.text },
          })),
          slots: slots.map(({ name, description }) => ({ name, description })),
          js: {
            properties: members
              .filter(({ kind, static: isStatic }) => kind === 'field' && !isStatic)
              .map(({ name, description, type }) => ({ name, description, type: type?.text })),
            events: events.map(({ name, description }) => ({ name, description })),
          },
        })),
      },
      css: {
        properties: elements.flatMap(({ cssProperties = [] }) =>
          cssProperties.map(({ name, description }) => ({ name, description })),
        ),
        parts: elements.flatMap(({ cssParts = [] }) =>
          cssParts.map(({ name, description }) => ({ name, description })),
        ),
      },
    },
  };
}

/** The imports that all of them need, and each element's properties and attributes under one name. */
function preamble(elements: readonly ElementDeclaration[]): string {
  const names = elements.map(({ name }) => name);
  const [main = '', ...parts] = names;
  const aliases = elements.map(({ name, members, attributes }) => {
    const settable = members
      .filter(({ kind, readonly, static: isStatic }) => kind === 'field' && !readonly && !isStatic)
      .map(({ name: property }) => `'${property}'`);
    const own = attributes
      .filter(({ name: attribute, fieldName }) => attribute !== fieldName)
      .map(({ name: attribute, fieldName, type }) => {
        const isMarkup = type.text === 'boolean' || type.text === 'number';
        return `  '${attribute}'?: ${name}['${fieldName}']${isMarkup ? ' | string' : ''} | undefined;`;
      });
    const properties = `{ [Name in ${settable.join(' | ')}]?: ${name}[Name] | undefined }`;
    return `type ${name}Props = ${properties}${own.length > 0 ? ` & {\n${own.join('\n')}\n}` : ''};`;
  });
  return `// Generated from the elements' sources.
import type { ${main} } from './components/voice-agent/define.js';
import type { ${parts.join(', ')} } from './components/define-parts.js';
import type { VoiceAgentElementEventMap } from './components/voice-agent/voice-agent.events.js';

${aliases.join('\n\n')}
`;
}

function tags(
  elements: readonly ElementDeclaration[],
  type: (name: string, isAgent: boolean) => string,
): string {
  return elements
    .map(({ tagName, name }) => `      '${tagName}': ${type(name, tagName === 'voice-agent')};`)
    .join('\n');
}

/** React 19 and what follows its JSX: properties by their names, events as `on` and the event's name. */
function jsxTypes(elements: readonly ElementDeclaration[]): string {
  return `${preamble(elements)}
type Handlers = {
  [Name in keyof VoiceAgentElementEventMap as \`on\${Name}\`]?:
    | ((event: VoiceAgentElementEventMap[Name]) => unknown)
    | undefined;
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
${tags(elements, (name, isAgent) => `React.DetailedHTMLProps<React.HTMLAttributes<${name}>, ${name}> & ${name}Props${isAgent ? ' & Handlers' : ''}`)}
    }
  }
}
`;
}

/** Vue 3: events as \`onStateChange\`, which is what \`@state-change\` becomes. */
function vueTypes(elements: readonly ElementDeclaration[]): string {
  return `${preamble(elements)}
type CamelCase<Name extends string> = Name extends \`\${infer Head}-\${infer Tail}\`
  ? \`\${Capitalize<Head>}\${CamelCase<Tail>}\`
  : Capitalize<Name>;

type Handlers = {
  [Name in keyof VoiceAgentElementEventMap as \`on\${CamelCase<Name>}\`]?:
    | ((event: VoiceAgentElementEventMap[Name]) => unknown)
    | undefined;
};

declare module 'vue' {
  interface GlobalComponents {
${tags(elements, (name, isAgent) => `new () => { $props: import('vue').HTMLAttributes & ${name}Props${isAgent ? ' & Handlers' : ''} }`)}
  }
}
`;
}

/** Svelte 5: events as \`on\` and the event's name. */
function svelteTypes(elements: readonly ElementDeclaration[]): string {
  return `${preamble(elements)}
type Handlers = {
  [Name in keyof VoiceAgentElementEventMap as \`on\${Name}\`]?:
    | ((event: VoiceAgentElementEventMap[Name]) => unknown)
    | undefined;
};

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
${tags(elements, (name, isAgent) => `HTMLAttributes<${name}> & ${name}Props${isAgent ? ' & Handlers' : ''}`)}
  }
}
`;
}
