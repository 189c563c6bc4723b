/**
 * Types of the tags for JSX, Vue and Svelte, made from the manifest. The analyzer's plugins for these were tried: they name Vue's
 * events as in HTML, wrap the type of an event in a second CustomEvent, and import no type that an event carries.
 */
import type { ElementDeclaration } from './manifest.js';

/** The imports that all of them need, and each element's properties, attributes and events under one name. */
function preamble(elements: readonly ElementDeclaration[]): string {
  return `${elementImports(elements)}
${elements.map(propsType).join('\n\n')}

${elements.map((element) => `type ${element.name}Events = ${eventMap(element)};`).join('\n\n')}
`;
}

/** @returns imports of the elements' types and of those that their events carry */
function elementImports(elements: readonly ElementDeclaration[]): string {
  const [main, ...parts] = elements.map(({ name }) => name);
  const details = elements.slice(1).flatMap(({ tagName, events = [] }) => {
    const names = events.flatMap(({ type }) => type.text.match(/\w+Detail\b/g) ?? []);
    const file = `./components/${tagName}/${tagName}.js`;
    return names.length > 0 ? [`import type { ${[...new Set(names)].join(', ')} } from '${file}';\n`] : [];
  });
  return `// Generated from the elements' sources.
import type { ${main} } from './components/voice-agent/define.js';
import type { ${parts.join(', ')} } from './components/define-parts.js';
import type { VoiceAgentElementEventMap } from './components/voice-agent/voice-agent.events.js';
${details.join('')}`;
}

/** @returns a type with the events of an element, by name */
function eventMap({ tagName, events = [] }: ElementDeclaration): string {
  if (tagName === 'voice-agent') return 'VoiceAgentElementEventMap';
  return `{ ${events.map(({ name, type }) => `'${name}': ${type.text}`).join('; ')} }`;
}

/** @returns names of the properties that a page may set */
function settableProperties({ members }: ElementDeclaration): string[] {
  return members
    .filter(({ kind, readonly, static: isStatic }) => kind === 'field' && !readonly && !isStatic)
    .map(({ name }) => name);
}

function propsType(element: ElementDeclaration): string {
  const { name, attributes } = element;
  const settable = settableProperties(element).map((property) => `'${property}'`);
  const own = attributes
    .filter(({ name: attribute, fieldName }) => attribute !== fieldName)
    .map(({ name: attribute, fieldName, type }) => {
      const isMarkup = type.text === 'boolean' || type.text === 'number';
      return `  '${attribute}'?: ${name}['${fieldName}']${isMarkup ? ' | string' : ''} | undefined;`;
    });
  const properties = `{ [Name in ${settable.join(' | ')}]?: ${name}[Name] | undefined }`;
  return `type ${name}Props = ${properties}${own.length > 0 ? ` & {\n${own.join('\n')}\n}` : ''};`;
}

function tags(elements: readonly ElementDeclaration[], type: (name: string) => string): string {
  return elements.map(({ tagName, name }) => `      '${tagName}': ${type(name)};`).join('\n');
}

/** Events as `on` and the event's name, as React and Svelte have them. */
const HANDLERS = `type Handlers<Events> = {
  [Name in keyof Events & string as \`on\${Name}\`]?: ((event: Events[Name]) => unknown) | undefined;
};`;

/** React 19 and what follows its JSX: properties by their names. Where HTML has a property of that name, ours counts. */
export function jsxTypes(elements: readonly ElementDeclaration[]): string {
  const html = (name: string): string => `Omit<React.HTMLAttributes<${name}>, keyof ${name}Props>`;
  return `${preamble(elements)}
${HANDLERS}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
${tags(elements, (name) => `React.DetailedHTMLProps<${html(name)}, ${name}> & ${name}Props & Handlers<${name}Events>`)}
    }
  }
}
`;
}

/** Vue 3: events as `onStateChange`, which is what `@state-change` becomes. */
export function vueTypes(elements: readonly ElementDeclaration[]): string {
  const html = (name: string): string => `Omit<import('vue').HTMLAttributes, keyof ${name}Props>`;
  return `${preamble(elements)}
type CamelCase<Name extends string> = Name extends \`\${infer Head}-\${infer Tail}\`
  ? \`\${Capitalize<Head>}\${CamelCase<Tail>}\`
  : Capitalize<Name>;

type Handlers<Events> = {
  [Name in keyof Events & string as \`on\${CamelCase<Name>}\`]?: ((event: Events[Name]) => unknown) | undefined;
};

declare module 'vue' {
  interface GlobalComponents {
${tags(elements, (name) => `new () => { $props: ${html(name)} & ${name}Props & Handlers<${name}Events> }`)}
  }
}
`;
}

/** Svelte 5. */
export function svelteTypes(elements: readonly ElementDeclaration[]): string {
  const html = (name: string): string => `Omit<HTMLAttributes<${name}>, keyof ${name}Props>`;
  return `${preamble(elements)}
${HANDLERS}

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
${tags(elements, (name) => `${html(name)} & ${name}Props & Handlers<${name}Events>`)}
  }
}
`;
}
