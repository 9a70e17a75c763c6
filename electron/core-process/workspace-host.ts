import { join } from 'node:path';
import type { WorkspaceKind } from '#shared/contract/app.ts';
import { disposable, type Disposable } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Log, Scheduler } from '#shared/kernel/ports.ts';
import { lockFolder } from '#shared/platform-node/sqlite/index.ts';
import type { Channel } from '#shared/rpc/channel.ts';
import type { Core, CoreDeps, DownloadFile } from '#core/app/deps.ts';

/** What a core needs and what does not depend on the workspace. */
export type SharedDeps = Omit<CoreDeps, 'secrets' | 'workspace' | 'dataFolder' | 'openWorkspace'>;

export interface WorkspaceHostOptions {
  readonly createCore: (deps: CoreDeps) => Promise<Core>;
  readonly shared: SharedDeps;
  /** Holds one folder for each workspace. */
  readonly dataRoot: string;
  readonly workspace: WorkspaceKind;
  openSecrets(folder: string, kind: WorkspaceKind): Promise<CoreDeps['secrets']>;
  /** A workspace has been opened, at start or later. */
  onOpened?(kind: WorkspaceKind): void;
  /** No core runs any more and none could be started. */
  onFatal(error: unknown): void;
}

/** One core at a time over the workspaces of an installation; connections are served by whichever core is open when they come. */
export interface WorkspaceHost {
  readonly workspace: WorkspaceKind;
  /** Fulfilled when the first workspace is open; rejects with what createCore threw. */
  started(): Promise<void>;
  /** Serves a client; while a workspace is being opened, the client waits. */
  connect(channel: Channel, client: { readonly address: string }): Disposable;
  takeDownload(token: string): Promise<DownloadFile | undefined>;
  knowsWallboard(token: string): Promise<boolean>;
  streetMapFile(): Promise<string | undefined>;
  /** Stops the core and frees the folder. */
  stop(): Promise<void>;
}

interface OpenWorkspace {
  readonly kind: WorkspaceKind;
  readonly core: Core;
  readonly lock: Disposable;
}

/** The answer to `workspace.open` has left by then, ms; after that the core that gave it stops. */
const ANSWER_LEAVES = 100;

class Host implements WorkspaceHost {
  readonly #options: WorkspaceHostOptions;
  readonly #log: Log;
  readonly #scheduler: Scheduler;
  /** Why a workspace could not be opened, kept for the client that asks again after it was reconnected to the former one. */
  readonly #failures = new Map<WorkspaceKind, unknown>();
  #current: Promise<OpenWorkspace>;
  #kind: WorkspaceKind;
  #switching = false;
  #stopped = false;

  constructor(options: WorkspaceHostOptions) {
    this.#options = options;
    this.#log = options.shared.log.child('host');
    this.#scheduler = options.shared.scheduler;
    this.#kind = options.workspace;
    this.#current = this.#open(options.workspace, lockFolder(this.#folder(options.workspace)));
  }

  get workspace(): WorkspaceKind {
    return this.#kind;
  }

  async started(): Promise<void> {
    await this.#current;
  }

  connect(channel: Channel, client: { readonly address: string }): Disposable {
    let served: Disposable | undefined;
    let live = true;
    this.#current.then(
      ({ core }) => {
        if (live) served = core.connect(channel, client);
      },
      () => channel.close('no workspace is open'),
    );
    return disposable(() => {
      live = false;
      if (served) served.dispose();
      else channel.close('the console is stopping');
    });
  }

  async takeDownload(token: string): Promise<DownloadFile | undefined> {
    return (await this.#current).core.takeDownload(token);
  }

  async knowsWallboard(token: string): Promise<boolean> {
    return (await this.#current).core.knowsWallboard(token);
  }

  async streetMapFile(): Promise<string | undefined> {
    return (await this.#current).core.streetMapFile();
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    const open = await this.#current.catch(() => undefined);
    if (open) await this.#close(open);
  }

  /** Asked by the core. What can be found out beforehand is thrown; the change itself follows when the answer has left. */
  async #openWorkspace(kind: WorkspaceKind): Promise<void> {
    if (this.#switching) throw new AppError('unavailable', 'A workspace is just being opened. Try again in a moment.');
    if (kind === this.#kind) return;
    const failure = this.#failures.get(kind);
    this.#failures.delete(kind);
    if (failure !== undefined) throw failure;
    const lock = lockFolder(this.#folder(kind));
    const former = await this.#current;
    this.#switching = true;
    this.#current = this.#switch(former, kind, lock);
    this.#current.then(
      () => (this.#switching = false),
      (error: unknown) => this.#options.onFatal(error),
    );
  }

  async #switch(former: OpenWorkspace, kind: WorkspaceKind, lock: Disposable): Promise<OpenWorkspace> {
    await new Promise<void>((resolve) => void this.#scheduler.after(ANSWER_LEAVES, resolve));
    await this.#close(former);
    try {
      return await this.#open(kind, lock);
    } catch (error) {
      this.#log.write('error', 'the workspace could not be opened; the former one is opened again', { kind, error });
      this.#failures.set(kind, error);
      return this.#open(former.kind, lockFolder(this.#folder(former.kind)));
    }
  }

  async #open(kind: WorkspaceKind, lock: Disposable): Promise<OpenWorkspace> {
    const { createCore, shared, openSecrets, onOpened } = this.#options;
    const dataFolder = this.#folder(kind);
    try {
      const secrets = await openSecrets(dataFolder, kind);
      const core = await createCore({ ...shared, secrets, workspace: kind, dataFolder, openWorkspace: (next) => this.#openWorkspace(next) });
      this.#kind = kind;
      onOpened?.(kind);
      return { kind, core, lock };
    } catch (error) {
      lock.dispose();
      throw error;
    }
  }

  async #close({ kind, core, lock }: OpenWorkspace): Promise<void> {
    try {
      await core.stop();
    } catch (error) {
      this.#log.write('error', 'the core did not stop cleanly', { kind, error });
    } finally {
      lock.dispose();
    }
  }

  #folder(kind: WorkspaceKind): string {
    return join(this.#options.dataRoot, kind);
  }
}

/** Begins to open the workspace. Throws AppError `store-locked` or `store-unwritable` at once; everything else comes through `started()`. */
export function createWorkspaceHost(options: WorkspaceHostOptions): WorkspaceHost {
  return new Host(options);
}
