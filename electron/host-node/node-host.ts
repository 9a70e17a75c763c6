import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { consoleAssets } from '#shared/platform-node/web/console-assets.ts';
import { openInstallation, type Installation, type InstallationOptions } from '../core-process/open-installation.ts';
import { closeServer, listenOnLoopback, startHttpHost, type Listening } from './http-host.ts';

export interface NodeHostOptions extends InstallationOptions {
  /** The built renderer. */
  readonly webFolder: string;
  readonly port: number | 'any';
}

export interface NodeHost {
  readonly port: number;
  /** The link that opens the console in a browser of this machine. */
  readonly link: string;
  /** The same for one use, fit for a command line. */
  oneTimeLink(): string;
  /** Fulfilled when the workspace is open; rejects when it cannot be. Windows may be opened before: they wait. */
  started(): Promise<void>;
  stop(): Promise<void>;
}

/** The console without Electron: one core, served to browsers of this machine over HTTP and WebSocket. */
export async function startNodeHost(options: NodeHostOptions): Promise<NodeHost> {
  const listening = await listenOnLoopback(options.port);
  try {
    return serveInstallation(options, openInstallation(options), listening);
  } catch (error) {
    await closeServer(listening.server);
    throw error;
  }
}

function serveInstallation({ webFolder, resourcesFolder, dataRoot }: NodeHostOptions, { workspaces, log }: Installation, listening: Listening): NodeHost {
  const started = workspaces.started();
  // Whoever starts the host asks for it; until then it is no unhandled rejection.
  started.catch(() => undefined);
  const http = startHttpHost({
    ...listening,
    rng: systemRng,
    scheduler: systemScheduler,
    log: log.child('http'),
    serveAsset: consoleAssets({ webFolder, resourcesFolder, ownFolder: () => dataRoot, streetMapFile: () => workspaces.streetMapFile(), takeDownload: (token) => workspaces.takeDownload(token) }),
    knowsWallboard: (token) => workspaces.knowsWallboard(token),
    onChannel: (channel, address) => void workspaces.connect(channel, { address }),
  });
  return {
    port: http.port,
    link: http.link,
    oneTimeLink: () => http.oneTimeLink(),
    started: () => started,
    async stop() {
      await http.close();
      await workspaces.stop();
    },
  };
}
