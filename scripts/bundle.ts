/**
 * `npm run build`: writes dist/: the files of rolldown.config.ts, types, themes, editor data and the WordPress plugin.
 *
 * `--skip-type-check` is for `npm test`, which has just checked the types. `--scripts-only` also omits declarations and
 * editor data.
 */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { zipPlugin } from '../examples/wordpress/zip.mjs';
import { rolldown } from 'rolldown';
import configurations from '../rolldown.config.js';
import { writeEditorData } from './editor-data.js';
import { writeIntegrity } from './integrity.js';
import { projectRoot } from './project-root.mjs';
import { reportSizes } from './sizes.js';
import { writeMaps, writeStrictFiles } from './strict-build.js';
import { runTsc, typeCheck } from './type-check.mjs';

const dist = join(projectRoot, 'dist');

async function bundleEverything(): Promise<void> {
  for (const { output, ...input } of configurations) {
    const built = await rolldown(input);
    await built.write(output).finally(() => built.close());
  }
  await writeMaps(dist);
  await writeStrictFiles(dist);
  await cp(join(projectRoot, 'components/themes'), join(dist, 'themes'), {
    recursive: true,
    filter: (path) => !path.endsWith('.ts'),
  });
}

async function build(): Promise<number> {
  const isComplete = !process.argv.includes('--scripts-only');
  const isChecked = !isComplete || process.argv.includes('--skip-type-check');
  const found = isChecked ? 0 : await typeCheck();
  if (found !== 0) return found;
  await rm(dist, { recursive: true, force: true });
  await bundleEverything();
  const declared = isComplete ? await runTsc(['-p', 'tsconfig.build.json']) : 0;
  if (declared !== 0) return declared;
  if (isComplete) await Promise.all([writeEditorData(dist), zipPlugin(dist)]);
  await writeIntegrity(dist);
  await reportSizes(dist);
  return 0;
}

process.exitCode = await build();
