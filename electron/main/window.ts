import { BrowserWindow, app, nativeTheme, type BrowserWindowConstructorOptions } from 'electron';
import { APP_ORIGIN } from './channels.ts';
import type { windowMemory } from './window-state.ts';

/** Surface of the page in design tokens, so that a dark room is not lit up before the page paints. */
const BACKGROUND = { light: '#F5F6F8', dark: '#12161C' } as const;

/** A page that dies at once again must not keep the machine busy, ms. */
const RELOAD_DELAY = 1_000;

/** What every window of the console is made of: the page runs in a sandbox, isolated from the preload, without Node. */
export function windowOptions(preload: string): BrowserWindowConstructorOptions {
  return {
    minWidth: 1024,
    minHeight: 640,
    autoHideMenuBar: true,
    title: app.getName(),
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  };
}

/** Opens the console's first window; further ones are opened by its page (guards.ts). */
export function openWindow(preload: string, memory: ReturnType<typeof windowMemory>): BrowserWindow {
  const { maximized, ...bounds } = memory.placement();
  const window = new BrowserWindow({ ...windowOptions(preload), ...bounds, show: false });
  memory.watch(window);
  if (maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${APP_ORIGIN}/`).catch(() => undefined);
  return window;
}

/** Loads the page of a window again that has died, whichever window it is. */
export function reviveWindow(window: BrowserWindow): void {
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    setTimeout(() => {
      if (!window.isDestroyed()) window.webContents.reload();
    }, RELOAD_DELAY);
  });
}
