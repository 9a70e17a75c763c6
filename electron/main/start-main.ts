import { BrowserWindow, Menu, app, dialog, ipcMain } from 'electron';
import { consoleAssets } from '#shared/platform-node/web/console-assets.ts';
import type { CoreProcessArguments } from '../core-process/messages.ts';
import { handleAppProtocol, registerAppScheme } from './app-protocol.ts';
import { IPC_CONNECT } from './channels.ts';
import { consoleArguments } from './command-line.ts';
import { CoreSupervisor } from './core-supervisor.ts';
import { guardEverything, isOwnPage } from './guards.ts';
import { openWindow, reviveWindow, windowOptions } from './window.ts';
import { windowMemory } from './window-state.ts';

export interface MainFiles {
  readonly preload: string;
  readonly coreProcess: string;
  readonly webFolder: string;
  readonly resourcesFolder: string;
}

/** A core that dies so often in a row is worth a person's attention. */
const DEATHS_TO_REPORT = 3;

/** Electron's main process: the console's windows, one core, and nothing else that could be reached from a page. */
export async function startMain(files: MainFiles): Promise<void> {
  app.enableSandbox();
  registerAppScheme();
  if (!app.requestSingleInstanceLock()) return app.quit();
  await app.whenReady();

  guardEverything(() => windowOptions(files.preload));
  app.on('browser-window-created', (_event, window) => reviveWindow(window));
  Menu.setApplicationMenu(Menu.buildFromTemplate([...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []), { role: 'editMenu' }, { role: 'viewMenu' }, { role: 'windowMenu' }]));
  const core = superviseCore(files);
  handleAppProtocol(
    consoleAssets({
      webFolder: files.webFolder,
      resourcesFolder: files.resourcesFolder,
      ownFolder: () => core.dataRoot,
      streetMapFile: () => core.streetMapFile(),
      takeDownload: (token) => core.takeDownload(token),
    }),
  );

  const memory = windowMemory();
  let window = openWindow(files.preload, memory);
  const show = (): void => {
    if (window.isDestroyed()) window = openWindow(files.preload, memory);
    if (window.isMinimized()) window.restore();
    window.focus();
  };

  ipcMain.on(IPC_CONNECT, (event) => {
    const frame = event.senderFrame;
    const allowed = frame !== null && BrowserWindow.getAllWindows().some(({ webContents }) => webContents.mainFrame === frame) && isOwnPage(frame.url);
    const [port, ...more] = event.ports;
    if (allowed && port !== undefined && more.length === 0) core.connect(port);
    else for (const refused of event.ports) refused.close();
  });
  app.on('second-instance', show);
  app.on('activate', show);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  quitAfter(() => core.stop());
}

function superviseCore(files: MainFiles): CoreSupervisor {
  const started: CoreProcessArguments = { version: app.getVersion(), resourcesFolder: files.resourcesFolder, args: consoleArguments(process.argv.slice(1)) };
  const core = new CoreSupervisor({
    entry: files.coreProcess,
    args: [JSON.stringify(started)],
    onFatal: (message) => void ask('The console cannot open its data', message, 'Try again').then((again) => (again ? core.restart() : app.quit())),
    onDied(deaths) {
      if (deaths === DEATHS_TO_REPORT) {
        void ask('The core of the console keeps stopping', 'Nothing that was acknowledged is lost. It is being started again; its log is in the folder "logs" of the data folder.', 'Keep trying').then((keep) => {
          if (!keep) app.quit();
        });
      }
    },
  });
  return core;
}

/** Asks over the window, if there is one; whether the person chose to go on. */
async function ask(message: string, detail: string, goOn: string): Promise<boolean> {
  const options = { type: 'error', message, detail, buttons: [goOn, 'Quit'], defaultId: 0, cancelId: 1 } as const;
  const [window] = BrowserWindow.getAllWindows();
  const { response } = await (window === undefined ? dialog.showMessageBox({ ...options, buttons: [...options.buttons] }) : dialog.showMessageBox(window, { ...options, buttons: [...options.buttons] }));
  return response === 0;
}

/** Holds the application's end back until `finish` is done. */
function quitAfter(finish: () => Promise<void>): void {
  let finished = false;
  app.on('before-quit', (event) => {
    if (finished) return;
    event.preventDefault();
    void finish().finally(() => {
      finished = true;
      app.quit();
    });
  });
}
