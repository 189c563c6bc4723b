import { dirname, relative, resolve, sep } from 'node:path';

/** For source maps: sources have the same names in every file of the build, wherever a site puts it. */
export const SOURCE_SCHEME = 'voice-agent-element:///';

export function sourceNames(root: string): (source: string, mapPath: string) => string {
  return (source, mapPath) =>
    SOURCE_SCHEME +
    relative(root, resolve(dirname(mapPath), source))
      .split(sep)
      .join('/');
}
