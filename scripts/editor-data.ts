/** What editors and frameworks read, made from the manifest: HTML data, web types, and types of the tags. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { angularModule, angularTypes } from './angular-types.js';
import { jsxTypes, svelteTypes, vueTypes } from './framework-types.js';
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
    'types/angular.d.ts': angularTypes(elements),
    'angular.js': angularModule(elements),
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
