import vue from '@vitejs/plugin-vue';
import { join } from 'node:path';
import type { UserConfig } from 'vite';
import { elementPlusStyles } from './element-plus-styles.ts';

/** Libraries that change rarely and weigh much sit in chunks of their own. */
const CHUNKS = [
  { name: 'maplibre', test: /node_modules[\\/](maplibre-gl|pmtiles)/ },
  { name: 'echarts', test: /node_modules[\\/](echarts|zrender|vue-echarts)/ },
  { name: 'element-plus', test: /node_modules[\\/](element-plus|@element-plus|@floating-ui|async-validator|dayjs|lodash)/ },
  { name: 'vue', test: /node_modules[\\/](vue|@vue|vue-router|pinia)[\\/]/, priority: 10 },
];

/** The Vite configuration of the renderer, shared by the web build and electron-vite; `root` is the repository. */
export function rendererConfig(root: string): UserConfig {
  return {
    root: join(root, 'renderer'),
    base: './',
    publicDir: join(root, 'renderer/public'),
    plugins: [vue(), elementPlusStyles(root)],
    define: { __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false' },
    build: {
      emptyOutDir: true,
      target: 'chrome138',
      chunkSizeWarningLimit: 1500,
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: join(root, 'renderer/index.html'),
        output: { codeSplitting: { groups: CHUNKS } },
      },
    },
    worker: { format: 'es' },
  };
}
