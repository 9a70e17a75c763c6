import { EventEmitter } from 'node:events';

export interface FrameDouble {
  url: string;
}

/** What a window-open handler answers. */
export interface OpenAnswer {
  readonly action: string;
  readonly overrideBrowserWindowOptions?: WindowOptions;
}

export interface WebContentsDouble extends EventEmitter {
  readonly mainFrame: FrameDouble;
  openHandler: ((details: { url: string }) => OpenAnswer) | undefined;
  reloads: number;
  setWindowOpenHandler(handler: (details: { url: string }) => OpenAnswer): void;
  reload(): void;
}

function webContents(): WebContentsDouble {
  const contents = Object.assign(new EventEmitter(), {
    mainFrame: { url: 'about:blank' },
    openHandler: undefined as WebContentsDouble['openHandler'],
    reloads: 0,
    setWindowOpenHandler: (handler: WebContentsDouble['openHandler']) => void (contents.openHandler = handler),
    reload: () => void contents.reloads++,
  });
  return contents;
}

/** What a test may read of a window's options. */
export type WindowOptions = Readonly<Record<string, unknown>> & { readonly webPreferences?: Readonly<Record<string, unknown>> };

export interface WindowDouble extends EventEmitter {
  readonly options: WindowOptions;
  readonly webContents: WebContentsDouble;
  shown: boolean;
  focused: number;
  destroyed: boolean;
  minimized: boolean;
  maximized: boolean;
  bounds: { x: number; y: number; width: number; height: number };
  close(): void;
}

/** The class of windows of one application; `app` hears of every new web contents, as in Electron. */
export function windowClass(app: EventEmitter, windows: WindowDouble[]) {
  return class BrowserWindowDouble extends EventEmitter implements WindowDouble {
    static getAllWindows(): WindowDouble[] {
      return windows.filter((window) => !window.destroyed);
    }

    readonly options: WindowOptions;
    readonly webContents = webContents();
    shown = false;
    focused = 0;
    destroyed = false;
    minimized = false;
    maximized = false;
    bounds = { x: 0, y: 0, width: 0, height: 0 };

    constructor(options: WindowOptions) {
      super();
      this.options = options;
      windows.push(this);
      app.emit('web-contents-created', {}, this.webContents);
      app.emit('browser-window-created', {}, this);
    }

    async loadURL(url: string): Promise<void> {
      this.webContents.mainFrame.url = url;
    }
    show(): void {
      this.shown = true;
    }
    focus(): void {
      this.focused++;
    }
    isDestroyed(): boolean {
      return this.destroyed;
    }
    isMinimized(): boolean {
      return this.minimized;
    }
    restore(): void {
      this.minimized = false;
    }
    maximize(): void {
      this.maximized = true;
    }
    isMaximized(): boolean {
      return this.maximized;
    }
    getNormalBounds() {
      return this.bounds;
    }
    close(): void {
      this.emit('close', {});
      this.destroyed = true;
      this.emit('closed');
      if (windows.every((window) => window.destroyed)) app.emit('window-all-closed');
    }
  };
}
