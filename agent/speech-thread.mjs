// A worker thread does not inherit the loader that lets Node run TypeScript. This file loads it, then the TypeScript.
import { tsImport } from 'tsx/esm/api';

await tsImport('./speech-worker.ts', import.meta.url);
