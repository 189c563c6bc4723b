/** The finished rooms of a run, so that an interrupted one can be continued. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { projectRoot } from '../../scripts/project-root.mjs';
import type { RoundTrips, Row } from './report.js';

const FILE = join(projectRoot, 'build', 'room', 'progress.json');

export interface Progress {
  readonly rows: Row[];
  readonly trips: RoundTrips;
}

/** @param resume continue the previous run */
export async function beginProgress(resume: boolean): Promise<Partial<Progress> & Pick<Progress, 'rows'>> {
  if (!resume) return { rows: [] };
  return JSON.parse(await readFile(FILE, 'utf8')) as Progress;
}

export async function saveProgress(progress: Progress): Promise<void> {
  await mkdir(dirname(FILE), { recursive: true });
  await writeFile(FILE, JSON.stringify(progress, null, 2));
}
