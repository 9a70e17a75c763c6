import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';
import { LAUNCH_OPTIONS, PERSON } from './browser.ts';

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  timeout: 90_000,
  // Generous: two cores may be busy with something else.
  expect: { timeout: 20_000 },
  // Files side by side, each with a host of its own; within a file one test after the other.
  workers: Math.min(2, availableParallelism()),
  // A second attempt, which the summary tells of: the console, its fleet, brokers and a browser without a GPU share what may be two cores.
  retries: 1,
  use: { ...PERSON, viewport: { width: 1440, height: 900 }, screenshot: 'only-on-failure', launchOptions: LAUNCH_OPTIONS },
});
