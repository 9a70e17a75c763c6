import { statfsSync } from 'node:fs';
import type { AppStatus, WorkspaceKind } from '#shared/contract/app.ts';
import { type Disposable, DisposableStore } from '#shared/kernel/disposable.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';
import type { NoticeBoard } from './notices.ts';

/** Less free space than this is worth a notice, bytes. */
const LITTLE_SPACE = 1_000_000_000;
const SPACE_PERIOD = 30_000;
/** Changes within this time make one item, ms. */
const GATHER = 100;
const PERIOD = 5000;

/** What the status is made of, besides notices. */
export interface StatusSources {
  broker(): AppStatus['broker'];
  store(): AppStatus['store'];
  messagesPerSecond(): number;
  pendingChanges(): number;
  /** The instant the picture of the fleet holds for, epoch ms. */
  asOf(): number;
}

/** Puts the installation's status together and says when it changes. */
export class StatusService implements Disposable {
  readonly #workspace: WorkspaceKind;
  readonly #sources: StatusSources;
  readonly #notices: NoticeBoard;
  readonly #scheduler: Scheduler;
  readonly #changed = new Emitter<void>();
  readonly #store = new DisposableStore();
  #gathering: Disposable | undefined;

  constructor(options: { readonly workspace: WorkspaceKind; readonly sources: StatusSources; readonly notices: NoticeBoard; readonly scheduler: Scheduler; readonly clock: Clock; readonly dataFolder: string }) {
    this.#workspace = options.workspace;
    this.#sources = options.sources;
    this.#notices = options.notices;
    this.#scheduler = options.scheduler;
    this.#store.add(options.notices.onChange(() => this.touch()));
    this.#store.add(options.scheduler.every(PERIOD, () => this.#changed.emit()));
    const space = (): void => checkSpace(options.dataFolder, options.notices);
    space();
    this.#store.add(options.scheduler.every(SPACE_PERIOD, space));
    this.#store.add({ dispose: () => this.#gathering?.dispose() });
  }

  /** Something that the status shows has changed. */
  touch(): void {
    this.#gathering ??= this.#scheduler.after(GATHER, () => {
      this.#gathering = undefined;
      this.#changed.emit();
    });
  }

  onChange(listener: () => void): Disposable {
    return this.#changed.on(listener);
  }

  current(): AppStatus {
    const { broker, store, messagesPerSecond, pendingChanges, asOf } = this.#sources;
    return { asOf: asOf(), workspace: this.#workspace, broker: broker(), store: store(), messagesPerSecond: messagesPerSecond(), pendingChanges: pendingChanges(), notices: this.#notices.list() };
  }

  dispose(): void {
    this.#store.dispose();
  }
}

/** Free bytes on the disk of a folder, or undefined where the system does not tell. */
export function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

function checkSpace(folder: string, notices: NoticeBoard): void {
  const free = freeBytes(folder);
  if (free === undefined || free >= LITTLE_SPACE) return notices.clear('disk-space');
  notices.raise('disk-space', 'high', `Only ${Math.round(free / 1e6)} MB are free on the disk of the data folder. Make room, or telemetry can soon not be stored.`);
}
