import { dirname, relative, resolve, sep } from 'node:path';
import { projectRoot } from './project-root.mjs';

/** For source maps: sources have the same names in every file of the build, wherever a site puts it. */
export const SOURCE_SCHEME = 'voice-agent-element:///';

export function sourceName(source: string, mapPath: string): string {
  const path = relative(projectRoot, resolve(dirname(mapPath), source));
  return SOURCE_SCHEME + path.split(sep).join('/');
}
