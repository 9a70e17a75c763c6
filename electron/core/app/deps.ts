import type { Disposable } from '#shared/kernel/disposable.ts';
import type { Clock, Log, Rng, Scheduler } from '#shared/kernel/ports.ts';
import type { Channel } from '#shared/rpc/channel.ts';
import type { Brand, WorkspaceKind } from '#shared/contract/app.ts';

/** Keeps secrets (broker password, keys) out of the database: keychain, else a file only this user can read, else memory. */
export interface SecretStore {
  readonly kind: 'keychain' | 'file' | 'memory';
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string | undefined): Promise<void>;
}

export type WorkerName = 'telemetry-writer' | 'operations-writer' | 'reader' | 'broker' | 'files' | 'simulator';

/** Everything the core takes from outside. A test may own five cores at once. */
export interface CoreDeps {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly scheduler: Scheduler;
  readonly log: Log;
  readonly secrets: SecretStore;
  readonly version: string;
  readonly brand: Brand;
  readonly workspace: WorkspaceKind;
  /** Folder of this workspace: databases, exports, quarantine. */
  readonly dataFolder: string;
  /** Read-only product files (DBC, basemap, gazetteer, demo fleet). */
  readonly resourcesFolder: string;
  /** Where a worker's entry file is; hosts differ (source under Node, bundle when packaged). */
  readonly workerEntry: (name: WorkerName) => URL;
  /** UUIDv7 of this installation, made once. */
  readonly nodeId: string;
  /** IANA name of the installation's zone. */
  readonly timeZone: string;
  readonly demo: { readonly vehicles: number; readonly seed: number; readonly simulate: boolean };
  /** Asked by `workspace.open`; the host stops this core and starts another. */
  readonly openWorkspace?: (kind: WorkspaceKind) => Promise<void>;
}

/** A file made for one download; the address works once and expires. */
export interface DownloadFile {
  readonly path: string;
  readonly fileName: string;
  readonly contentType: string;
}

/** The application as its hosts see it. */
export interface Core {
  /** Serves one client until the channel closes. */
  connect(channel: Channel, client: { readonly address: string }): Disposable;
  /** Hands out the file behind a one-time download token, or undefined when it is used, expired or unknown. */
  takeDownload(token: string): DownloadFile | undefined;
  /** Whether this is the token of a wallboard that lives: such a screen may load the console's page. */
  knowsWallboard(token: string): boolean;
  /** The PMTiles file for street maps, where one is configured; the host serves it with Range requests. */
  streetMapFile(): string | undefined;
  /** Stops intake, commits what was received, closes databases and workers. */
  stop(): Promise<void>;
}
