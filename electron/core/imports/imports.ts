import { join } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { systemPrincipal, type Principal } from '#shared/domain/access/principal.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock, Log, Rng, Scheduler } from '#shared/kernel/ports.ts';
import { bulkUpload } from '#shared/resources/bulk-upload.ts';
import { IMPORT_FILE_LIMIT, type ImportOutcome } from '#shared/resources/import-template.ts';
import { runningUploads } from '../store/operations/local/bulk-uploads.ts';
import type { Operations } from '../store/operations/operations.ts';
import { removeFile } from '../exchange/own-files.ts';
import { applyRows, type ApplyOptions, type ApplyResult } from './apply.ts';
import type { PlannedRow } from './planned.ts';
import { planFile, type ImportSource, type PlanProgress } from './preview.ts';
import { readTable } from './read-table.ts';
import { Uploads, type UploadedFile } from './uploads.ts';

/** A preview that nobody looks at is forgotten after this, ms. */
const PREVIEW_LIFE = 30 * 60_000;
/** Files that are read at a time, each by a thread with its own memory, and files whose rows are applied at a time. */
const UNDER_WAY = 2;
/** Previews held at a time; one of 20,000 rows takes some 30 MB. */
const PREVIEWS = 3;

export interface ImportsOptions {
  readonly operations: Operations;
  readonly sources: readonly ImportSource[];
  readonly workerEntry: URL;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly scheduler: Scheduler;
  readonly log: Log;
}

/** A file that was read and planned, and waits for the word to apply it. */
export interface Preview {
  readonly id: string;
  readonly principal: Principal;
  readonly source: ImportSource;
  readonly fileName: string;
  readonly rows: readonly PlannedRow[];
  readonly samples: number;
  state: 'waiting' | 'applying' | 'applied';
  /** Why it should not go on. */
  stopped: string | undefined;
  expiry: Disposable;
}

export function countOf(rows: readonly PlannedRow[], outcome: ImportOutcome): number {
  return rows.reduce((sum, row) => (row.outcome === outcome ? sum + 1 : sum), 0);
}

const busy = (): AppError => new AppError('unavailable', 'Other files are being imported. Try again when they are done.');
const gone = (): AppError => new AppError('not-found', 'This preview is over. Upload the file again.');

/** Files of rows on their way into the store: uploaded, read, planned, confirmed, applied. */
export class Imports {
  readonly uploads: Uploads;
  readonly #options: ImportsOptions;
  readonly #sources: ReadonlyMap<string, ImportSource>;
  readonly #previews = new Map<string, Preview>();
  readonly #applying = new Set<Promise<unknown>>();
  #reading = 0;

  constructor(options: ImportsOptions) {
    this.#options = options;
    this.#sources = new Map(options.sources.map((source) => [source.template.name, source]));
    this.uploads = new Uploads({ folder: join(options.dataFolder, 'uploads'), rng: options.rng, scheduler: options.scheduler, log: options.log });
  }

  /** Marks what an earlier run left unfinished. */
  async recover(): Promise<void> {
    const { operations } = this.#options;
    for (const id of runningUploads(operations.read.database)) {
      const row = operations.read.get(bulkUpload, id);
      if (row !== undefined) await operations.mutate(systemPrincipal(operations.nodeId), 'bulk-upload.note', { id, passed: row.passed, failed: row.failed, status: 'INTERRUPTED', note: 'The application ended meanwhile. Upload the file again: rows that were applied stay as they are.' });
    }
  }

  /** The source of a template that the principal may use. Throws AppError not-found or forbidden. */
  source(name: string, principal: Principal): ImportSource {
    const source = this.knownSource(name);
    if (!principal.permissions.has(source.template.permission)) throw new AppError('forbidden', 'Your role does not allow this. Ask an administrator.', { permission: source.template.permission });
    return source;
  }

  /** The source of a template of the history, for whoever may read it. Throws AppError not-found. */
  knownSource(name: string): ImportSource {
    const source = this.#sources.get(name);
    if (source === undefined) throw new AppError('not-found', 'This version does not know the template any more.');
    return source;
  }

  /** Begins an upload for a template and returns its id. */
  upload(principal: Principal, { template, fileName, size }: { readonly template: string; readonly fileName: string; readonly size: number }): Promise<string> {
    this.source(template, principal);
    return this.uploads.begin({ sessionId: principal.sessionId, purpose: `import ${template}`, fileName, size, limit: IMPORT_FILE_LIMIT });
  }

  /**
   * Reads and plans an uploaded file. Throws AppError for a file that cannot be used, which is removed, and unavailable while others are
   * being read: the upload waits.
   */
  async preview(principal: Principal, input: { readonly uploadId: string; readonly template: string }, signal: { readonly aborted: boolean }, onProgress: (progress: PlanProgress) => void): Promise<Preview> {
    const source = this.source(input.template, principal);
    if (this.#reading >= UNDER_WAY) throw busy();
    this.#reading += 1;
    try {
      return await this.#read(source, principal, await this.uploads.take(input.uploadId, principal.sessionId, `import ${input.template}`), signal, onProgress);
    } finally {
      this.#reading -= 1;
    }
  }

  async #read(source: ImportSource, principal: Principal, file: UploadedFile, signal: { readonly aborted: boolean }, onProgress: (progress: PlanProgress) => void): Promise<Preview> {
    const { workerEntry, scheduler, clock, rng, log } = this.#options;
    try {
      const batches = readTable({ workerEntry, scheduler, path: file.path, title: source.template.title });
      const { rows, samples } = await planFile(batches, { source, principal, clock, signal, onProgress });
      this.#makeRoom(principal.sessionId);
      const id = bytesToHex(rng.bytes(16));
      const preview: Preview = { id, principal, source, fileName: file.fileName, rows, samples, state: 'waiting', stopped: undefined, expiry: scheduler.after(PREVIEW_LIFE, () => this.#forget(id)) };
      this.#previews.set(id, preview);
      return preview;
    } finally {
      removeFile(file.path, log);
    }
  }

  /** A preview of this session. Throws AppError not-found. */
  find(id: string, principal: Principal): Preview {
    const preview = this.#previews.get(id);
    if (preview === undefined || preview.principal.sessionId !== principal.sessionId) throw gone();
    return preview;
  }

  /** Applies a preview, once; it goes on when nobody watches. Throws AppError conflict, and unavailable while others are applied: the preview waits. */
  async apply(preview: Preview, onProgress: ApplyOptions['onProgress']): Promise<ApplyResult> {
    if (preview.state !== 'waiting') throw new AppError('conflict', 'This file is applied already. Look at the history.');
    if (this.#applying.size >= UNDER_WAY) throw busy();
    preview.state = 'applying';
    preview.expiry.dispose();
    const { operations } = this.#options;
    const { principal, source, fileName, rows } = preview;
    const work = applyRows({ operations, principal, template: source.template, fileName, rows, stopped: () => preview.stopped, onProgress });
    this.#applying.add(work);
    try {
      return await work;
    } finally {
      this.#applying.delete(work);
      preview.state = 'applied';
      this.#forget(preview.id);
    }
  }

  /** Forgets a preview; one that is being applied stops after its slice. */
  discard(id: string, principal: Principal): void {
    const preview = this.#previews.get(id);
    if (preview === undefined || preview.principal.sessionId !== principal.sessionId) return;
    this.#stop(preview, `stopped by ${principal.email === '' ? principal.name : principal.email}`);
  }

  /** The session is over, or has other rights than what it has under way was planned with: that stops. */
  async endSession(sessionId: string, reason: 'ended' | 'rights'): Promise<void> {
    const words = reason === 'ended' ? 'the session of its user ended' : 'the rights of its user changed';
    for (const preview of [...this.#previews.values()]) if (preview.principal.sessionId === sessionId) this.#stop(preview, words);
    await this.uploads.endSession(sessionId);
  }

  /** Stops imports after their slices, and removes files and previews. */
  async close(): Promise<void> {
    for (const preview of [...this.#previews.values()]) this.#stop(preview, 'the application was closed');
    await Promise.allSettled([...this.#applying]);
    await this.uploads.close();
  }

  #stop(preview: Preview, reason: string): void {
    preview.stopped ??= reason;
    if (preview.state !== 'applying') this.#forget(preview.id);
  }

  #forget(id: string): void {
    this.#previews.get(id)?.expiry.dispose();
    this.#previews.delete(id);
  }

  /** A session has one preview that waits; of all sessions the oldest goes. */
  #makeRoom(sessionId: string): void {
    const waiting = [...this.#previews.values()].filter(({ state }) => state === 'waiting');
    for (const preview of waiting) if (preview.principal.sessionId === sessionId) this.#forget(preview.id);
    const others = waiting.filter((preview) => preview.principal.sessionId !== sessionId);
    if (others.length >= PREVIEWS && others[0] !== undefined) this.#forget(others[0].id);
  }
}
