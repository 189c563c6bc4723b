// A worker thread does not inherit the loader that lets Node run TypeScript; this file fetches it and goes on there.
import { tsImport } from 'tsx/esm/api';

await tsImport('./speech-worker.ts', import.meta.url);
