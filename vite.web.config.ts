import { join } from 'node:path';
import { defineConfig, mergeConfig } from 'vite';
import { rendererConfig } from './build/vite/renderer.ts';

const root = import.meta.dirname;

/** The renderer for a browser: served by the plain Node host from dist/web. */
export default defineConfig(mergeConfig(rendererConfig(root), { build: { outDir: join(root, 'dist/web') } }));
