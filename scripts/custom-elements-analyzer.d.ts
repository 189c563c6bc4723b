/** The part of the analyzer that is used here. Its own types need another version of TypeScript. */
declare module '@custom-elements-manifest/analyzer/index.js' {
  import type * as typescript from 'typescript';

  export const ts: typeof typescript;
  export function create(options: {
    readonly modules: readonly typescript.SourceFile[];
    readonly plugins: readonly unknown[];
    readonly context: { readonly dev: boolean };
  }): unknown;
}
declare module '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js' {
  export function litPlugin(): readonly unknown[];
}
