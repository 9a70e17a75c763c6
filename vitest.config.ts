import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

const node = { environment: 'node', pool: 'forks', testTimeout: 30_000 } as const;

export default defineConfig({
  plugins: [vue()],
  test: {
    exclude: ['**/node_modules/**', '**/planted/**'],
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          ...node,
          name: 'unit',
          include: ['shared/**/*.test.ts', 'electron/**/*.test.ts', 'tools/**/*.test.ts', 'build/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts', '**/*.mosquitto.test.ts', '**/planted/**', '**/node_modules/**'],
        },
      },
      { extends: true, test: { name: 'renderer', environment: 'happy-dom', include: ['renderer/src/**/*.test.ts'], testTimeout: 30_000 } },
      // Real brokers, worker threads and processes: embedded broker only.
      { extends: true, test: { ...node, name: 'integration', include: ['**/*.integration.test.ts'], testTimeout: 60_000, fileParallelism: false } },
      // The same against a Mosquitto process that the test starts itself.
      { extends: true, test: { ...node, name: 'mosquitto', include: ['**/*.mosquitto.test.ts'], testTimeout: 60_000, fileParallelism: false } },
    ],
  },
});
