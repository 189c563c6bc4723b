/**
 * Each tag's element, properties and events, from the manifest; `types/` derives from them what React, Vue and Svelte
 * read. The analyzer's plugins for these were tried: they name Vue's events as in HTML, wrap the type of an event in a
 * second CustomEvent, and import no type that an event carries.
 */
import type { ElementDeclaration } from './manifest.js';

export function tagTypes(elements: readonly ElementDeclaration[]): string {
  const [agent, ...parts] = elements.map(({ name }) => name);
  return `// Generated from the elements' sources.
import type { ${agent!} } from './components/voice-agent/define.js';
import type { ${parts.join(', ')} } from './components/define-parts.js';
import type { VoiceAgentElementEventMap } from './components/voice-agent/voice-agent.events.js';
${elements.slice(1).map(importDetails).join('')}
type Props<Element, Name extends keyof Element> = { [Each in Name]?: Element[Each] | undefined };

export type Handlers<Events> = {
  [Name in keyof Events & string as \`on\${Name}\`]?: ((event: Events[Name]) => unknown) | undefined;
};

export interface Tags {
${elements.map(tagType).join('\n')}
}
`;
}

/** What the events of a part carry. */
function importDetails({ tagName, events = [] }: ElementDeclaration): string {
  const names = events.flatMap(({ type }) => type.text.match(/\w+Detail\b/g) ?? []);
  const file = `./components/${tagName}/${tagName}.js`;
  return names.length > 0 ? `import type { ${[...new Set(names)].join(', ')} } from '${file}';\n` : '';
}

function tagType({ tagName, name, members, attributes, events = [] }: ElementDeclaration): string {
  const settable = members
    .filter(({ kind, readonly, static: isStatic }) => kind === 'field' && !readonly && !isStatic)
    .map((member) => `'${member.name}'`);
  const written = attributes
    .filter((attribute) => attribute.name !== attribute.fieldName)
    .map(({ name: attribute, fieldName, type }) => {
      const isMarkup = type.text === 'boolean' || type.text === 'number';
      return `'${attribute}'?: ${name}['${fieldName}']${isMarkup ? ' | string' : ''} | undefined;`;
    });
  const carried = events.map((event) => `'${event.name}': ${event.type.text}`).join('; ');
  return `  '${tagName}': {
    element: ${name};
    props: Props<${name}, ${settable.join(' | ')}> & { ${written.join(' ')} };
    events: ${tagName === 'voice-agent' ? 'VoiceAgentElementEventMap' : `{ ${carried} }`};
  };`;
}
