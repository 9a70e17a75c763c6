import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

// Limits end what hangs. They say nothing about speed: two cores may be busy with something else.
const quick = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 30_000 } }, setupFiles: ['shared/testing/seeded.setup.ts'] };
const node = { environment: 'node', pool: 'forks', ...quick } as const;
// Processes, brokers and threads: a second attempt, which the summary names.
const slow = { ...node, testTimeout: 180_000, hookTimeout: 120_000, fileParallelism: false, retry: 1 } as const;

export default defineConfig({
  plugins: [vue()],
  test: {
    exclude: ['**/node_modules/**', '**/planted/**'],
    maxWorkers: 2,
    teardownTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          ...node,
          name: 'unit',
          include: ['shared/**/*.test.ts', 'electron/**/*.test.ts', 'server/**/*.test.ts', 'tools/**/*.test.ts', 'build/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts', '**/*.mosquitto.test.ts', '**/planted/**', '**/node_modules/**'],
        },
      },
      { extends: true, test: { name: 'renderer', environment: 'happy-dom', include: ['renderer/src/**/*.test.ts'], ...quick } },
      // Real brokers, worker threads and processes: embedded broker only.
      { extends: true, test: { ...slow, name: 'integration', include: ['**/*.integration.test.ts'] } },
      // The same against a Mosquitto process that the test starts itself.
      { extends: true, test: { ...slow, name: 'mosquitto', include: ['**/*.mosquitto.test.ts'] } },
    ],
  },
});
