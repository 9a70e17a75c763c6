import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { OutputOf, AppContract } from '#shared/contract/index.ts';
import type { RetentionSettings } from '#shared/contract/storage.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock, Log, Scheduler } from '#shared/kernel/ports.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import type { NoticeSink } from '../ingest/notices.ts';
import { GAPS_FILE } from '../store/gaps/gap-store.ts';
import { OPERATIONS_FILE } from '../store/operations/operations.ts';
import { databaseBytes, freeBytes } from '../store/telemetry/disk.ts';
import { CHECK_START, type CheckCursor, type DamagedChunk } from '../store/telemetry/integrity.ts';
import type { ReaderPool } from '../store/telemetry/reader-pool.ts';
import type { StoreSizes } from '../store/telemetry/sizes.ts';
import type { TelemetryWriter } from '../store/telemetry/writer-client.ts';

type Storage = OutputOf<'settings.storage'>;
type Job = Storage['check'];

export type StorageHandlers = Pick<Handlers<AppContract, Principal>, 'settings.storage' | 'settings.setRetention' | 'settings.checkStorage' | 'settings.backup'>;

export interface StorageDeps {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  readonly notices: NoticeSink;
  readonly dataFolder: string;
  readonly writer: Pick<TelemetryWriter, 'quarantine' | 'reindex'>;
  /** A reader of its own for work that takes long; the caller closes it. */
  readonly openReader: () => ReaderPool;
  readonly reserveBytes: number;
  readonly retention: () => RetentionSettings;
  readonly setRetention: (principal: Principal, retention: RetentionSettings) => Promise<void>;
  /** What the last maintenance has dropped. */
  readonly dropped: () => Storage['dropped'];
  /** Copies the photos of the logbooks into a backup's folder. */
  readonly copyPhotos: (folder: string, isStopped: () => boolean) => Promise<{ readonly photos: number; readonly bytes: number; readonly damaged: number }>;
  /** Keeps the log from being dropped until it is disposed of. */
  readonly holdLog: () => Disposable;
}

const NOTICE = 'storage-check';
/** Sizes are measured at most so often, ms; in a large store, which takes longer, so much less often. */
const SIZES_PERIOD = 10_000;
const SIZES_SHARE = 20;
/** The reader that measures ends when nobody has asked for so long, ms. */
const SIZES_IDLE = 60_000;

/** What is stored: sizes, retention, the check of everything, backups. One check and one backup at a time. */
export class StorageService {
  readonly handlers: StorageHandlers;
  readonly #deps: StorageDeps;
  #check: Job = { state: 'never', progress: 0 };
  #backup: Storage['backup'] = { state: 'never', progress: 0 };
  #sizes: { readonly at: number; readonly pause: number; readonly value: StoreSizes } | undefined;
  #measuring: Promise<StoreSizes> | undefined;
  #sizesReader: ReaderPool | undefined;
  #sizesIdle: Disposable | undefined;
  #stopped = false;
  readonly #running = new Set<Promise<void>>();
  readonly #readers = new Set<ReaderPool>();

  constructor(deps: StorageDeps) {
    this.#deps = deps;
    this.handlers = {
      'settings.storage': () => this.#status(),
      'settings.setRetention': async (input, context) => {
        await deps.setRetention(principalOf(context), input.retention);
        return {};
      },
      'settings.checkStorage': () => {
        if (this.#check.state === 'running') throw new AppError('refused', 'A check is running already.');
        this.#start(this.check());
        return {};
      },
      'settings.backup': (input) => {
        if (this.#backup.state === 'running') throw new AppError('refused', 'A backup is running already.');
        const folder = this.#folder(input.folder);
        this.#start(this.backup(folder));
        return { folder };
      },
    };
  }

  /** Looks through everything; what is damaged is set aside. Ends with what the status says; does not reject. */
  async check(): Promise<void> {
    const { clock, log, notices, writer } = this.#deps;
    this.#check = { state: 'running', progress: 0, at: clock.now() };
    const reader = this.#open();
    const pages: string[] = [];
    const indexes: string[] = [];
    const chunks: DamagedChunk[] = [];
    let rows = 0;
    let payloads = 0;
    try {
      for (let cursor: CheckCursor | undefined = CHECK_START; cursor && !this.#stopped; ) {
        const slice = await reader.check(cursor);
        pages.push(...slice.pages);
        indexes.push(...(slice.indexes ?? []));
        chunks.push(...slice.chunks);
        rows += slice.rows;
        payloads += slice.payloads ?? 0;
        this.#check = { ...this.#check, progress: slice.done };
        cursor = slice.next;
      }
      if (indexes.length > 0) await writer.reindex(indexes);
      const aside = chunks.length > 0 ? await writer.quarantine(chunks) : { chunks: 0, refilled: 0 };
      const text = this.#verdict({ pages: pages.length, indexes: indexes.length, ...aside, rows, payloads });
      this.#check = { state: 'done', progress: 1, at: clock.now(), text };
      this.#sizes = undefined;
      if (pages.length + indexes.length + chunks.length + rows + payloads === 0) notices.clear(NOTICE);
      else {
        log.write('warn', 'Stored telemetry is damaged.', { pages: pages.slice(0, 20), indexes, chunks: chunks.slice(0, 20), rows, payloads });
        notices.raise(NOTICE, pages.length > 0 ? 'critical' : 'high', text);
      }
    } catch (error) {
      log.write('warn', 'The check of the store failed.', { error: String(error) });
      this.#check = { state: 'failed', progress: 0, at: clock.now(), text: error instanceof Error ? error.message : String(error) };
    } finally {
      await this.#close(reader);
    }
  }

  /**
   * Copies the databases into `folder`, master data first: what follows from telemetry is never newer than the telemetry, and the gaps that were
   * given up are those of the telemetry or later. The photos come last: those that the copied logbooks name are all there by then. Does not reject.
   */
  async backup(folder: string): Promise<void> {
    const { clock, log, dataFolder, holdLog, copyPhotos } = this.#deps;
    this.#backup = { state: 'running', progress: 0, at: clock.now(), folder };
    const held = holdLog();
    const reader = this.#open();
    try {
      let bytes = 0;
      const files = [OPERATIONS_FILE, 'telemetry.db', GAPS_FILE].filter((file) => file !== GAPS_FILE || existsSync(join(dataFolder, file)));
      for (const [i, file] of files.entries()) {
        bytes += (await reader.copy(join(dataFolder, file), join(folder, file))).bytes;
        this.#backup = { ...this.#backup, progress: (i + 1) / (files.length + 1) };
      }
      const { photos, bytes: photoBytes, damaged } = await copyPhotos(folder, () => this.#stopped);
      const left = damaged === 0 ? '' : ` Without ${damaged} damaged ${damaged === 1 ? 'photo' : 'photos'}: restore ${damaged === 1 ? 'it' : 'them'} from an older backup.`;
      const what = photos === 0 ? '' : ` with ${photos} ${photos === 1 ? 'photo' : 'photos'}`;
      this.#backup = { state: 'done', progress: 1, at: clock.now(), folder, text: `${Math.ceil((bytes + photoBytes) / 1_048_576)} MB${what}, read through and found sound.${left}` };
      log.write('info', 'A backup was made.', { folder, bytes, photos, photoBytes, damaged });
    } catch (error) {
      log.write('warn', 'The backup failed.', { folder, error: String(error) });
      this.#backup = { state: 'failed', progress: 0, at: clock.now(), folder, text: error instanceof Error ? error.message : String(error) };
    } finally {
      held.dispose();
      await this.#close(reader);
    }
  }

  /** Ends what is running: what is asked of a reader that is closed fails, and says so in the status. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#sizesIdle?.dispose();
    await Promise.all(Array.from(this.#readers, (reader) => reader.close()));
    await Promise.all(this.#running);
  }

  #open(): ReaderPool {
    const reader = this.#deps.openReader();
    this.#readers.add(reader);
    return reader;
  }

  async #close(reader: ReaderPool): Promise<void> {
    this.#readers.delete(reader);
    await reader.close();
  }

  #start(work: Promise<void>): void {
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }

  #verdict({ pages, indexes, chunks, refilled, rows, payloads }: { readonly pages: number; readonly indexes: number; readonly chunks: number; readonly refilled: number; readonly rows: number; readonly payloads: number }): string {
    if (pages > 0) return `The telemetry database has damaged pages. Make a backup, then restore an older one or set the file aside; ${pages} ${pages === 1 ? 'place' : 'places'} found.`;
    if (indexes + chunks + rows + payloads === 0) return 'Everything that is stored can be read.';
    const parts: string[] = [];
    if (indexes > 0) parts.push(`${indexes} ${indexes === 1 ? 'index was' : 'indexes were'} damaged and built again.`);
    if (chunks > 0) parts.push(`${chunks} ${chunks === 1 ? 'hour' : 'hours'} of a vehicle ${chunks === 1 ? 'was' : 'were'} damaged and set aside${refilled > 0 ? `, ${refilled} stored again from the log` : ''}.`);
    if (rows > 0) parts.push(`${rows} ${rows === 1 ? 'message' : 'messages'} of the last hours cannot be read and ${rows === 1 ? 'is' : 'are'} left out.`);
    if (payloads > 0) parts.push(`${payloads} ${payloads === 1 ? 'batch' : 'batches'} of raw payloads cannot be read.`);
    return `${parts.join(' ')} Check the disk of this computer.`;
  }

  /** Measures what is stored, on a reader that is kept while the page is open. */
  async #measure(): Promise<StoreSizes> {
    const { clock, scheduler } = this.#deps;
    const start = clock.monotonic();
    this.#sizesIdle?.dispose();
    this.#sizesReader ??= this.#open();
    try {
      const value = await this.#sizesReader.sizes();
      const at = clock.monotonic();
      this.#sizes = { at, pause: Math.max(SIZES_PERIOD, (at - start) * SIZES_SHARE), value };
      return value;
    } finally {
      this.#measuring = undefined;
      this.#sizesIdle = scheduler.after(SIZES_IDLE, () => {
        const reader = this.#sizesReader;
        this.#sizesReader = undefined;
        if (reader) this.#start(this.#close(reader));
      });
    }
  }

  async #status(): Promise<Storage> {
    const { clock, dataFolder, reserveBytes } = this.#deps;
    const known = this.#sizes;
    const found = known && clock.monotonic() - known.at <= known.pause ? known.value : await (this.#measuring ??= this.#measure());
    const free = freeBytes(join(dataFolder, 'telemetry.db'));
    const dropped = this.#deps.dropped();
    return {
      sizes: [
        { kind: 'history', bytes: found.chunkBytes },
        { kind: 'raw', bytes: found.rawBytes },
        { kind: 'log', bytes: found.logBytes },
        { kind: 'masterData', bytes: databaseBytes(join(dataFolder, OPERATIONS_FILE)) },
        { kind: 'reserve', bytes: reserveBytes },
        { kind: 'free', bytes: found.freeBytes },
      ],
      ...(Number.isFinite(free) ? { diskFree: free } : {}),
      oldest: { ...(found.oldest === undefined ? {} : { points: found.oldest }), ...(found.oldestRaw === undefined ? {} : { raw: found.oldestRaw }), ...(found.oldestHour === undefined ? {} : { rollups: found.oldestHour }) },
      waiting: found.logRows,
      late: found.lateRows,
      quarantined: found.quarantined,
      retention: this.#deps.retention(),
      ...(dropped ? { dropped } : {}),
      check: this.#check,
      backup: this.#backup,
      backupFolder: join(dataFolder, 'backups'),
    };
  }

  /** A folder for this backup inside the one that was chosen. */
  #folder(chosen: string | undefined): string {
    if (chosen !== undefined && chosen !== '' && !isAbsolute(chosen)) throw new AppError('refused', 'Enter the full path of a folder.', { field: 'folder' });
    const stamp = new Date(this.#deps.clock.now()).toISOString().slice(0, 19).replaceAll(':', '-');
    return join(chosen === undefined || chosen === '' ? join(this.#deps.dataFolder, 'backups') : chosen, `backup-${stamp}Z`);
  }
}
