/** What editors and frameworks read, made from the manifest: HTML data, web types, and types of the tags. */
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateJetBrainsWebTypes } from 'custom-element-jet-brains-integration';
import { generateVsCodeCustomElementData } from 'custom-element-vs-code-integration';
import { createManifest, manifestText } from './manifest.js';
import { projectRoot } from './project-root.mjs';
import { tagTypes } from './tag-types.js';

/** @param dist folder of the build. */
export async function writeEditorData(dist: string): Promise<void> {
  const manifest = await createManifest();
  const elements = manifest.modules.flatMap(({ declarations }) => declarations);
  const common = { outdir: dist, hideLogs: true, descriptionSrc: 'summary', hideMethodDocs: true };
  // Each generator modifies its input.
  const copy = (): Parameters<typeof generateJetBrainsWebTypes>[0] => structuredClone(manifest);
  generateVsCodeCustomElementData(copy(), { ...common, htmlFileName: 'html-data.json', cssFileName: null });
  generateJetBrainsWebTypes(copy(), { ...common, webTypesFileName: 'web-types.json', packageJson: false });
  await cp(join(projectRoot, 'types'), join(dist, 'types'), { recursive: true });
  const files: Record<string, string> = {
    'custom-elements.json': manifestText(manifest),
    'types/tags.d.ts': tagTypes(elements),
    // Entries that have only types still need a module that bundlers can resolve.
    'types-only.js': 'export {};\n',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(dist, name), content);
}
