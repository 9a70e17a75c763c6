import { defineConfig } from '@playwright/test';
import { LAUNCH_OPTIONS, PERSON } from './browser.ts';

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  timeout: 90_000,
  // Generous: two cores may be busy with something else.
  expect: { timeout: 20_000 },
  workers: 1,
  retries: 0,
  use: { ...PERSON, viewport: { width: 1440, height: 900 }, screenshot: 'only-on-failure', launchOptions: LAUNCH_OPTIONS },
});
