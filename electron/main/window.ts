import { BrowserWindow, app, nativeTheme } from 'electron';
import { APP_ORIGIN } from './channels.ts';
import type { windowMemory } from './window-state.ts';

/** Surface of the page in design tokens, so that a dark room is not lit up before the page paints. */
const BACKGROUND = { light: '#F5F6F8', dark: '#12161C' } as const;

/** A page that dies at once again must not keep the machine busy, ms. */
const RELOAD_DELAY = 1_000;

/** Opens the console's one window. The page runs in a sandbox, isolated from the preload, without Node. */
export function openWindow(preload: string, memory: ReturnType<typeof windowMemory>): BrowserWindow {
  const { maximized, ...bounds } = memory.placement();
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 1024,
    minHeight: 640,
    show: false,
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
  });
  memory.watch(window);
  if (maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    setTimeout(() => {
      if (!window.isDestroyed()) window.webContents.reload();
    }, RELOAD_DELAY);
  });
  void window.loadURL(`${APP_ORIGIN}/`).catch(() => undefined);
  return window;
}
