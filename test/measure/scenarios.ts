import { readdir } from 'node:fs/promises';
import type { Scenario } from './scenario.js';

/** Loads every file `*.measure.ts` of this folder. */
export async function loadScenarios(): Promise<Scenario[]> {
  const files = (await readdir(new URL('.', import.meta.url))).filter((file) => file.endsWith('.measure.ts'));
  const modules = await Promise.all(
    files
      .sort()
      .map((file) => import(new URL(file, import.meta.url).href) as Promise<{ scenario: Scenario }>),
  );
  return modules.map(({ scenario }) => scenario);
}
