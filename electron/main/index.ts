import { join } from 'node:path';
import { app, dialog } from 'electron';
import { startMain } from './start-main.ts';

const out = join(import.meta.dirname, '..');

// Not awaited: Electron becomes ready only after this module has been evaluated.
startMain({
  preload: join(out, 'preload/index.cjs'),
  coreProcess: join(out, 'core-process/index.js'),
  webFolder: join(app.getAppPath(), 'dist/web'),
  resourcesFolder: app.isPackaged ? join(process.resourcesPath, 'resources') : join(app.getAppPath(), 'resources'),
}).catch((error: unknown) => {
  dialog.showErrorBox('The console could not be started', error instanceof Error ? error.message : String(error));
  app.exit(1);
});
