import type { Plugin } from 'rolldown';
import { minify } from 'terser';

/** Terser simplifies expressions that the bundler's own minifier, which runs after it, leaves alone: 700 bytes (brotli). */
export function compress(): Plugin {
  return {
    name: 'compress',
    async renderChunk(script, _chunk, { format }) {
      const { code = script, map } = await minify(script, {
        compress: { passes: 3, ecma: 2020 },
        // Other scripts read a classic script through its global variable, so that must keep its name.
        module: format === 'es',
        mangle: false,
        // The bundlers of sites read these comments.
        format: { comments: /webpackIgnore|@vite-ignore|@__PURE__/ },
        sourceMap: true,
      });
      return { code, map: map as string };
    },
  };
}
