import { join } from 'node:path';
import type { Core, CoreDeps, WorkerName } from '#core/app/deps.ts';
import type { WorkspaceKind } from '#shared/contract/app.ts';
import type { Log } from '#shared/kernel/ports.ts';
import { rotatingFile } from '#shared/platform-node/rotating-file.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { textLog } from '#shared/platform-node/text-log.ts';
import { lastWorkspace, loadBrand, nodeIdOf, rememberWorkspace } from './installation.ts';
import { openSecrets } from './secrets.ts';
import { makeFolder } from './small-files.ts';
import { createWorkspaceHost, type WorkspaceHost } from './workspace-host.ts';

/** What a host knows and an installation does not. */
export interface InstallationOptions {
  readonly createCore: (deps: CoreDeps) => Promise<Core>;
  readonly dataRoot: string;
  readonly resourcesFolder: string;
  readonly workerEntry: (name: WorkerName) => URL;
  readonly version: string;
  /** Undefined: the one that was open last, at first the demo. */
  readonly workspace: WorkspaceKind | undefined;
  readonly demo: CoreDeps['demo'];
  readonly env: Readonly<Record<string, string | undefined>>;
  onFatal(error: unknown): void;
}

export interface Installation {
  readonly workspaces: WorkspaceHost;
  readonly log: Log;
}

const LOG_BYTES = 5 * 1024 * 1024;
const LOGS_KEPT = 3;

/** Opens an installation's data folder on this machine's clock, timers, randomness, log file and keychain, and begins to start its core. */
export function openInstallation(options: InstallationOptions): Installation {
  const { dataRoot, resourcesFolder } = options;
  makeFolder(join(dataRoot, 'logs'));
  const file = rotatingFile(join(dataRoot, 'logs', 'console.log'), LOG_BYTES, LOGS_KEPT);
  const log = textLog({ clock: systemClock, write: (line) => file.write(line), level: 'info' });
  const nodeId = nodeIdOf(dataRoot, { clock: systemClock, rng: systemRng, log });
  const workspaces = createWorkspaceHost({
    createCore: options.createCore,
    shared: {
      clock: systemClock,
      rng: systemRng,
      scheduler: systemScheduler,
      log,
      nodeId,
      resourcesFolder,
      workerEntry: options.workerEntry,
      version: options.version,
      demo: options.demo,
      brand: loadBrand(resourcesFolder, dataRoot, log),
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
    dataRoot,
    workspace: options.workspace ?? lastWorkspace(dataRoot) ?? 'demo',
    openSecrets: (folder, kind) => openSecrets({ folder, account: `${nodeId}/${kind}`, scheduler: systemScheduler, log, env: options.env }),
    onOpened: (kind) => rememberWorkspace(dataRoot, kind),
    onFatal(error) {
      log.write('error', 'no workspace can be opened', { error });
      options.onFatal(error);
    },
  });
  return { workspaces, log };
}
