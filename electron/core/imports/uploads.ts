import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { AppError } from '#shared/kernel/error.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import type { Log, Rng, Scheduler } from '#shared/kernel/ports.ts';
import { storeError } from '#shared/platform-node/sqlite/index.ts';
import { openEmptyFolder, removeFile } from '../exchange/own-files.ts';

/** An upload that nobody goes on with is given up after this, ms. */
export const UPLOAD_LIFE = 10 * 60_000;
/** Bytes a client sends at a time: some 40 pieces for the largest file, each well below what a transport takes. */
export const UPLOAD_PIECE = 256 * 1024;
/** Uploads under way in all, and of one session. */
const BOUND = 8;
const BOUND_SESSION = 2;

/** A file that was received whole. */
export interface UploadedFile {
  readonly path: string;
  readonly fileName: string;
  readonly size: number;
}

interface Upload {
  readonly id: string;
  readonly sessionId: string;
  readonly purpose: string;
  readonly fileName: string;
  readonly size: number;
  readonly path: string;
  readonly file: FileHandle;
  received: number;
  busy: boolean;
  expiry: Disposable;
}

export interface UploadRequest {
  readonly sessionId: string;
  /** What the file is for; it is handed out for nothing else. */
  readonly purpose: string;
  readonly fileName: string;
  readonly size: number;
  /** Largest size that this purpose takes, bytes. */
  readonly limit: number;
}

const gone = (): AppError => new AppError('not-found', 'This upload is over. Choose the file again.');

/**
 * Files on their way in, piece by piece over the connection of the window that chose them. An upload belongs to one session and
 * one purpose, is handed out once, and its file is removed by whoever took it, when it expires, and at the next start.
 */
export class Uploads {
  readonly folder: string;
  readonly #rng: Rng;
  readonly #scheduler: Scheduler;
  readonly #log: Log;
  readonly #uploads = new Map<string, Upload>();

  /** Empties the folder: what is in it belongs to an earlier run. */
  constructor(options: { readonly folder: string; readonly rng: Rng; readonly scheduler: Scheduler; readonly log: Log }) {
    this.folder = options.folder;
    this.#rng = options.rng;
    this.#scheduler = options.scheduler;
    this.#log = options.log;
    openEmptyFolder(this.folder, this.#log);
  }

  /** Begins an upload and returns its id, 128 random bits. Throws AppError too-large, invalid-input or unavailable. */
  async begin({ sessionId, purpose, fileName, size, limit }: UploadRequest): Promise<string> {
    if (size > limit) throw new AppError('too-large', `The file is larger than ${Math.floor(limit / 1_048_576)} MB. Split it and upload the parts.`, { limit });
    if (size < 1) throw new AppError('invalid-input', 'The file is empty. Fill in the template and upload it again.');
    const own = [...this.#uploads.values()].filter((upload) => upload.sessionId === sessionId);
    // A window that was reloaded left its upload behind.
    if (own.length >= BOUND_SESSION && own[0] !== undefined) await this.#remove(own[0]);
    if (this.#uploads.size >= BOUND) throw new AppError('unavailable', 'Several files are being uploaded. Try again in a moment.');
    const id = bytesToHex(this.#rng.bytes(16));
    const path = join(this.folder, `${bytesToHex(this.#rng.bytes(12))}.upload`);
    const file = await this.#guard(path, () => open(path, 'wx', 0o600));
    this.#uploads.set(id, { id, sessionId, purpose, fileName, size, path, file, received: 0, busy: false, expiry: this.#expire(id) });
    return id;
  }

  /** Takes the next piece; returns how many bytes are there now. Throws AppError not-found, conflict, too-large, store-full. */
  async append(id: string, sessionId: string, offset: number, bytes: Uint8Array): Promise<number> {
    const upload = this.#own(id, sessionId);
    if (upload.busy || offset !== upload.received) throw new AppError('conflict', 'A part of the file is missing. Choose the file again.', { received: upload.received });
    if (upload.received + bytes.length > upload.size) {
      await this.#remove(upload);
      throw new AppError('too-large', 'The file grew while it was sent. Close it in other programs and choose it again.');
    }
    upload.busy = true;
    upload.expiry.dispose();
    upload.expiry = this.#expire(id);
    try {
      await this.#guard(upload.path, () => upload.file.writeFile(bytes));
      upload.received += bytes.length;
      return upload.received;
    } catch (error) {
      await this.#remove(upload);
      throw error;
    } finally {
      upload.busy = false;
    }
  }

  /** Hands out a complete file, once; the taker removes it. Throws AppError not-found or conflict. */
  async take(id: string, sessionId: string, purpose: string): Promise<UploadedFile> {
    const upload = this.#own(id, sessionId);
    if (upload.purpose !== purpose) throw gone();
    if (upload.busy || upload.received !== upload.size) throw new AppError('conflict', 'The file has not arrived whole. Choose it again.');
    this.#uploads.delete(id);
    upload.expiry.dispose();
    await upload.file.close();
    return { path: upload.path, fileName: upload.fileName, size: upload.size };
  }

  /** Gives up an upload; one that is over already is no error. */
  async cancel(id: string, sessionId: string): Promise<void> {
    const upload = this.#uploads.get(id);
    if (upload?.sessionId === sessionId) await this.#remove(upload);
  }

  /** Gives up what a session has under way. */
  async endSession(sessionId: string): Promise<void> {
    for (const upload of [...this.#uploads.values()]) if (upload.sessionId === sessionId) await this.#remove(upload);
  }

  async close(): Promise<void> {
    for (const upload of [...this.#uploads.values()]) await this.#remove(upload);
  }

  #own(id: string, sessionId: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload === undefined || upload.sessionId !== sessionId) throw gone();
    return upload;
  }

  #expire(id: string): Disposable {
    return this.#scheduler.after(UPLOAD_LIFE, () => {
      const upload = this.#uploads.get(id);
      if (upload !== undefined) void this.#remove(upload);
    });
  }

  /** Never rejects: nobody waits for an upload that expires. */
  async #remove(upload: Upload): Promise<void> {
    this.#uploads.delete(upload.id);
    upload.expiry.dispose();
    await upload.file.close().catch(() => undefined);
    removeFile(upload.path, this.#log);
  }

  async #guard<T>(path: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw storeError(error, path);
    }
  }
}
