import { join } from 'node:path';
import type { DownloadFile } from '#core/app/deps.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock, Log, Rng, Scheduler } from '#shared/kernel/ports.ts';
import { Downloads } from './downloads.ts';
import { createFileWorker, type FileWorker } from './file-worker-client.ts';
import { SHEET_ROWS, wallClock, type ExportRow, type GridDescription } from './grid-file.ts';

/** More rows than this are refused; a spreadsheet cannot show them and a person cannot read them. */
export const EXPORT_ROWS = 5_000_000;
/** Exports that may wait for the one under way. */
const WAITING = 8;

const CONTENT_TYPE = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
} as const;

/** Tells an export that nobody wants it any more; an AbortSignal is one. */
export interface ExportSignal {
  readonly aborted: boolean;
}

export interface GridExport extends GridDescription {
  /** Rows in batches (some hundreds each), cells in the order of the columns; asked for one batch at a time. */
  readonly rows: AsyncIterable<readonly ExportRow[]> | Iterable<readonly ExportRow[]>;
  /** Rows there will be, as far as is known: more than a sheet holds makes a CSV file. */
  readonly total: number;
  readonly signal?: ExportSignal;
  /** Called after each batch with the rows written so far. */
  readonly onProgress?: (done: number) => void;
}

export interface ExportedFile {
  /** One-time address, valid for five minutes. */
  readonly url: string;
  readonly fileName: string;
  readonly rows: number;
}

/** Makes files for download, one at a time, in a worker thread. */
export class Exchange {
  readonly #downloads: Downloads;
  readonly #worker: FileWorker;
  readonly #clock: Clock;
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Removes files that an earlier run left. */
  constructor(options: { readonly workerEntry: URL; readonly dataFolder: string; readonly clock: Clock; readonly rng: Rng; readonly scheduler: Scheduler; readonly log: Log }) {
    this.#downloads = new Downloads({ folder: join(options.dataFolder, 'exports'), rng: options.rng, scheduler: options.scheduler, log: options.log });
    this.#worker = createFileWorker(options.workerEntry, options.log.child('files'));
    this.#clock = options.clock;
  }

  /**
   * Writes a grid as .xlsx (or .csv, when it has more rows than a sheet) and offers it for one download. Throws AppError
   * cancelled, too-large, store-full, unavailable, invalid-input for an unknown time zone.
   */
  exportGrid(request: GridExport): Promise<ExportedFile> {
    if (this.#waiting >= WAITING) return Promise.reject(new AppError('unavailable', 'Several exports are waiting already. Try again when they are done.'));
    if (request.total > EXPORT_ROWS) return Promise.reject(tooMany());
    this.#waiting += 1;
    const turn = this.#queue.then(() => this.#export(request)).finally(() => (this.#waiting -= 1));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** A path for a file that is made elsewhere; offer or discard it. */
  newFile(extension: string): string {
    return this.#downloads.newPath(extension);
  }

  /** Offers a file made at `newFile` for one download; `title` becomes its name. */
  offerFile(file: { readonly path: string; readonly title: string; readonly extension: string; readonly contentType: string; readonly timeZone: string }): { url: string; fileName: string } {
    const fileName = this.#fileName(file.title, file.timeZone, file.extension);
    const token = this.#downloads.offer({ path: file.path, fileName, contentType: file.contentType });
    return { url: `/files/${token}`, fileName };
  }

  /** Removes a file made at `newFile`. */
  discardFile(path: string): void {
    this.#downloads.discard(path);
  }

  /** Hands out a file once; undefined when its token is used, expired or unknown. */
  takeDownload(token: string): DownloadFile | undefined {
    return this.#downloads.take(token);
  }

  /** Stops the worker and removes the files. */
  async close(): Promise<void> {
    await this.#worker.close();
    this.#downloads.close();
  }

  async #export(request: GridExport): Promise<ExportedFile> {
    const { title, columns, timeZone, listRows } = request;
    const format = request.total > SHEET_ROWS ? 'csv' : 'xlsx';
    const fileName = this.#fileName(title, timeZone, format);
    const path = this.#downloads.newPath(format);
    let rows = 0;
    try {
      stopIfAborted(request.signal);
      await this.#worker.ask({ type: 'begin', path, format, grid: { title, columns, timeZone, ...(listRows === undefined ? {} : { listRows }) } });
      for await (const batch of request.rows) {
        stopIfAborted(request.signal);
        rows += batch.length;
        if (rows > EXPORT_ROWS) throw tooMany();
        await this.#worker.ask({ type: 'rows', batch });
        request.onProgress?.(rows);
      }
      stopIfAborted(request.signal);
      await this.#worker.ask({ type: 'end' });
    } catch (error) {
      await this.#worker.ask({ type: 'abort' }).catch(() => undefined);
      this.#downloads.discard(path);
      throw error;
    }
    const token = this.#downloads.offer({ path, fileName, contentType: CONTENT_TYPE[format] });
    return { url: `/files/${token}`, fileName, rows };
  }

  /** `Vehicles 2024-02-06 14.51.xlsx`, in the reader's zone. */
  #fileName(title: string, timeZone: string, extension: string): string {
    let stamp: string;
    try {
      stamp = new Date(wallClock(timeZone)(this.#clock.now())).toISOString().slice(0, 16).replace('T', ' ').replace(':', '.');
    } catch (error) {
      throw new AppError('invalid-input', 'This time zone is not known.', { timeZone }, { cause: error });
    }
    const plain = title.replace(/[^\p{L}\p{N} _.-]/gu, ' ').replace(/\s+/g, ' ').trim() || 'Export';
    return `${plain.slice(0, 80)} ${stamp}.${extension}`;
  }
}

function stopIfAborted(signal: ExportSignal | undefined): void {
  if (signal?.aborted === true) throw new AppError('cancelled', 'The export was cancelled.');
}

function tooMany(): AppError {
  return new AppError('too-large', `An export holds at most ${EXPORT_ROWS.toLocaleString('en-US')} rows. Narrow the filters.`, { limit: EXPORT_ROWS });
}
