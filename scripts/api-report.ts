/** Writes docs/api: the public declarations of each entry of the package, so that a review sees every change of the API. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CompilerState, Extractor, ExtractorConfig, type IConfigFile } from '@microsoft/api-extractor';
import { projectRoot } from './project-root.mjs';
import { runTsc } from './type-check.mjs';

/** Entry of the package → its report and its source. The last is that of the local agent's package. */
export const API_ENTRIES = {
  '.': ['index', 'src/index'],
  './element': ['element', 'components/voice-agent/define'],
  './parts': ['parts', 'components/define-parts'],
  './engine': ['engine', 'src/engine/create-engine'],
  './react': ['react', 'components/react/voice-agent'],
  './token': ['token', 'token/index'],
  './testing': ['stand-in', 'testing/stand-in/index'],
  'voice-agent-local/testing': ['testing', 'testing/index'],
} as const;

const CONFIG = ExtractorConfig.loadFile(join(projectRoot, 'api-extractor.json'));

function configOf(name: string, source: string): ExtractorConfig {
  const configObject: IConfigFile = {
    ...CONFIG,
    mainEntryPointFilePath: join(projectRoot, 'build/types', `${source}.d.ts`),
    apiReport: { ...CONFIG.apiReport, enabled: true, reportFileName: name },
  };
  const packageJsonFullPath = join(projectRoot, name === 'testing' ? 'agent' : '', 'package.json');
  return ExtractorConfig.prepare({ configObject, configObjectFullPath: undefined, packageJsonFullPath });
}

/**
 * @param write the reports as the sources have them; without it, they are only compared
 * @returns the entries whose reports differed
 */
export async function apiReports(write: boolean): Promise<string[]> {
  if ((await runTsc(['-p', 'tsconfig.api.json'])) !== 0)
    throw new Error('The declarations could not be written.');
  const configs = Object.values(API_ENTRIES).map(([name, source]) => configOf(name, source));
  const entryPoints = configs.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath);
  const compilerState = CompilerState.create(configs[0]!, { additionalEntryPoints: entryPoints });
  const changed = configs.filter(
    (config) =>
      Extractor.invoke(config, {
        localBuild: write,
        compilerState,
        messageCallback: (message) => (message.handled = true),
      }).apiReportChanged,
  );
  return changed.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const changed = await apiReports(true);
  console.log(`Wrote docs/api: ${String(changed.length)} reports changed.`);
}
