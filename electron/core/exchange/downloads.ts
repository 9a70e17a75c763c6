import { join } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { DownloadFile } from '#core/app/deps.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import type { Log, Rng, Scheduler } from '#shared/kernel/ports.ts';
import { openEmptyFolder, removeFile } from './own-files.ts';

/** An address that nobody uses expires after this, ms. */
export const DOWNLOAD_LIFE = 5 * 60_000;
/** A file that is being downloaded is removed after this, ms: slow networks need time. */
const TAKEN_LIFE = 15 * 60_000;
/** Files that may wait to be fetched; the oldest goes first. */
const BOUND = 50;

interface Offer {
  readonly file: DownloadFile;
  readonly expiry: Disposable;
}

/** Files made for one download each: the address works once and expires; the file is removed afterwards. */
export class Downloads {
  readonly folder: string;
  readonly #rng: Rng;
  readonly #scheduler: Scheduler;
  readonly #log: Log;
  readonly #offers = new Map<string, Offer>();
  readonly #taken = new Map<string, Disposable>();

  /** Empties the folder: what is in it belongs to an earlier run. */
  constructor(options: { readonly folder: string; readonly rng: Rng; readonly scheduler: Scheduler; readonly log: Log }) {
    this.folder = options.folder;
    this.#rng = options.rng;
    this.#scheduler = options.scheduler;
    this.#log = options.log;
    openEmptyFolder(this.folder, this.#log);
  }

  /** A path in the folder that no file has. */
  newPath(extension: string): string {
    return join(this.folder, `${bytesToHex(this.#rng.bytes(12))}.${extension}`);
  }

  /** Offers a file for one download; returns the token of its address. */
  offer(file: DownloadFile): string {
    const token = bytesToHex(this.#rng.bytes(16));
    const expiry = this.#scheduler.after(DOWNLOAD_LIFE, () => this.#drop(token));
    this.#offers.set(token, { file, expiry });
    const [oldest] = this.#offers.keys();
    if (this.#offers.size > BOUND && oldest !== undefined) this.#drop(oldest);
    return token;
  }

  /** The file behind a token, once; undefined when it is used, expired or unknown. */
  take(token: string): DownloadFile | undefined {
    const offer = this.#offers.get(token);
    if (offer === undefined) return undefined;
    this.#offers.delete(token);
    offer.expiry.dispose();
    const { path } = offer.file;
    this.#taken.set(path, this.#scheduler.after(TAKEN_LIFE, () => this.#remove(path)));
    return offer.file;
  }

  /** Removes a file, finished or not. */
  discard(path: string): void {
    removeFile(path, this.#log);
  }

  /** Removes everything. */
  close(): void {
    for (const token of [...this.#offers.keys()]) this.#drop(token);
    for (const path of [...this.#taken.keys()]) this.#remove(path);
  }

  #drop(token: string): void {
    const offer = this.#offers.get(token);
    if (offer === undefined) return;
    this.#offers.delete(token);
    offer.expiry.dispose();
    this.discard(offer.file.path);
  }

  #remove(path: string): void {
    this.#taken.get(path)?.dispose();
    this.#taken.delete(path);
    this.discard(path);
  }
}
