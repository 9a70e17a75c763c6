import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;

/** Every worker is an entry of its own, at the place where the core's process looks for it. */
const workers = readdirSync(join(root, 'electron/workers'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => [`workers/${file.replace(/\.ts$/, '')}`, join(root, 'electron/workers', file)]);

/** Bundles of main, preload, the core's process and the workers in out/. The renderer is built once for both hosts, by vite.web.config.ts. */
export default defineConfig({
  main: {
    build: {
      outDir: join(root, 'out'),
      emptyOutDir: true,
      minify: false,
      rollupOptions: {
        input: {
          'main/index': join(root, 'electron/main/index.ts'),
          'core-process/index': join(root, 'electron/core-process/index.ts'),
          ...Object.fromEntries(workers),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: join(root, 'out/preload'),
      // A sandboxed preload is CommonJS and can load nothing but itself.
      externalizeDeps: false,
      rollupOptions: { input: { index: join(root, 'electron/preload/index.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
});
