import Store from 'electron-store';
import { ipcMain, screen, type BrowserWindow, type Rectangle } from 'electron';

export interface WindowState {
  readonly bounds?: Rectangle;
  readonly maximized: boolean;
}

interface Stored {
  window?: WindowState;
}

const DEFAULT_SIZE = { width: 1440, height: 900 };
/** So much of a remembered window must be on a screen, px, for a person to get hold of it. */
const VISIBLE = 100;

function isNumbers(bounds: unknown): bounds is Rectangle {
  const { x, y, width, height } = (bounds ?? {}) as Record<string, unknown>;
  return [x, y, width, height].every((value) => typeof value === 'number' && Number.isFinite(value));
}

function isVisible({ x, y, width }: Rectangle): boolean {
  return screen.getAllDisplays().some(({ workArea }) => x + width - VISIBLE >= workArea.x && x + VISIBLE <= workArea.x + workArea.width && y >= workArea.y && y + VISIBLE <= workArea.y + workArea.height);
}

/** Where the window was, and how it is remembered; nothing else is kept in electron-store. */
export function windowMemory(): { placement(): Partial<Rectangle> & { readonly maximized: boolean }; watch(window: BrowserWindow): void } {
  const store = new Store<Stored>({ name: 'window-state', clearInvalidConfig: true });
  // The store opens an IPC entry for renderers, which this application's renderer must not have.
  ipcMain.removeAllListeners('electron-store-get-data');
  return {
    placement() {
      const { bounds, maximized } = store.get('window') ?? { maximized: false };
      return { ...(isNumbers(bounds) && isVisible(bounds) ? bounds : DEFAULT_SIZE), maximized: maximized === true };
    },
    watch(window) {
      window.on('close', () => store.set('window', { bounds: window.getNormalBounds(), maximized: window.isMaximized() }));
    },
  };
}
