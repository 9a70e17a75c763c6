import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { MessageChannel, type MessagePort as WorkerPort } from 'node:worker_threads';
import { emitPreventable } from './events.ts';
import { MessagePortMainDouble } from './ports.ts';
import { UtilityProcessDouble } from './utility.ts';
import { windowClass, type FrameDouble, type WindowDouble } from './window.ts';

type Handler = (...args: never[]) => unknown;

export interface ElectronDoubleOptions {
  readonly userData: string;
  /** Another instance of the application is running. */
  readonly second?: boolean;
  readonly packaged?: boolean;
}

/**
 * A small double of the `electron` module: enough for the console's own main and preload to run in Node unchanged, with everything they do to
 * Electron recorded. It holds them to Electron's order of things where that is easily got wrong (schemes before ready, sessions after).
 * Sandboxing, rendering, packaging and the real protocol stack are Electron's own and are tested with Electron itself.
 */
export function createElectronDouble(options: ElectronDoubleOptions) {
  const state = {
    ready: false,
    sandboxed: false,
    quit: false,
    windows: [] as WindowDouble[],
    schemes: [] as { scheme: string; privileges: Readonly<Record<string, boolean>> }[],
    protocols: new Map<string, (request: Request) => Promise<Response>>(),
    sessionHandlers: new Map<string, Handler | undefined>(),
    opened: [] as string[],
    dialogs: [] as Readonly<Record<string, unknown>>[],
    /** Button that the next dialog's person presses. */
    press: 0,
    processes: [] as UtilityProcessDouble[],
    exposed: new Map<string, unknown>(),
    menu: undefined as unknown,
  };
  const needsReady = (what: string): void => {
    if (!state.ready) throw new Error(`${what} can only be used after the app is ready`);
  };

  const app = Object.assign(new EventEmitter(), {
    isPackaged: options.packaged ?? false,
    enableSandbox: () => void (state.sandboxed = !state.ready),
    requestSingleInstanceLock: () => !options.second,
    async whenReady() {
      await Promise.resolve();
      state.ready = true;
    },
    getName: () => 'Command Center',
    getVersion: () => '1.2.3',
    getPath: (name: string) => join(options.userData, name === 'userData' ? '' : name),
    getAppPath: () => process.cwd(),
    quit() {
      if (state.quit || emitPreventable(app, 'before-quit')) return;
      state.quit = true;
      app.emit('quit');
    },
    exit: () => void (state.quit = true),
  });

  const record = (name: string) => (handler: Handler | undefined) => {
    needsReady('session');
    state.sessionHandlers.set(name, handler);
  };
  const defaultSession = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: record('request'),
    setPermissionCheckHandler: record('check'),
    setDevicePermissionHandler: record('device'),
    setDisplayMediaRequestHandler: record('display'),
  });

  const ipcMain = new EventEmitter();
  /** Plays the renderer: sends over IPC from `frame`. */
  function sendToMain(channel: string, frame: FrameDouble | null, ports: readonly WorkerPort[] = []): MessagePortMainDouble[] {
    const received = ports.map((port) => new MessagePortMainDouble(port));
    ipcMain.emit(channel, { senderFrame: frame, ports: received }, undefined);
    return received;
  }

  const electron = {
    app,
    BrowserWindow: windowClass(app, state.windows),
    ipcMain,
    session: {
      get defaultSession() {
        needsReady('session');
        return defaultSession;
      },
    },
    protocol: {
      registerSchemesAsPrivileged(schemes: typeof state.schemes) {
        if (state.ready) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
        state.schemes.push(...schemes);
      },
      handle(scheme: string, handler: (request: Request) => Promise<Response>) {
        needsReady('protocol');
        state.protocols.set(scheme, handler);
      },
    },
    shell: { openExternal: async (url: string) => void state.opened.push(url) },
    dialog: {
      showErrorBox: (title: string, content: string) => void state.dialogs.push({ title, content }),
      async showMessageBox(...args: unknown[]) {
        state.dialogs.push(args.at(-1) as Readonly<Record<string, unknown>>);
        return { response: state.press };
      },
    },
    Menu: { buildFromTemplate: (template: unknown) => template, setApplicationMenu: (menu: unknown) => void (state.menu = menu) },
    nativeTheme: { shouldUseDarkColors: true },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
    utilityProcess: {
      fork(entry: string, args: readonly string[]) {
        needsReady('utilityProcess');
        const child = new UtilityProcessDouble(entry, args);
        state.processes.push(child);
        return child;
      },
    },
    contextBridge: { exposeInMainWorld: (name: string, value: unknown) => void state.exposed.set(name, value) },
    ipcRenderer: {
      postMessage: (channel: string, _message: unknown, ports: readonly WorkerPort[] = []) => void sendToMain(channel, state.windows[0]?.webContents.mainFrame ?? null, ports),
    },
  };
  return { electron, state, defaultSession, sendToMain, newChannel: () => new MessageChannel() };
}

export type ElectronDouble = ReturnType<typeof createElectronDouble>;
