import { createCore } from '#core/app/create-core.ts';
import type { ElectronParentPort } from './electron-port.ts';
import type { CoreProcessArguments } from './messages.ts';
import { runCoreProcess } from './run-core-process.ts';
import { workerEntryFrom } from './worker-entry.ts';

const { parentPort } = process as unknown as { readonly parentPort: ElectronParentPort };

/** Chromium may put switches of its own before or after it. */
const started = process.argv.find((argument) => argument.startsWith('{')) ?? '{}';

runCoreProcess({
  parent: parentPort,
  started: JSON.parse(started) as CoreProcessArguments,
  env: process.env,
  exit: (code) => process.exit(code),
  createCore,
  workerEntry: workerEntryFrom(import.meta.url),
});
