import { createHash } from 'node:crypto';
import { copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { storeError } from '#shared/platform-node/sqlite/index.ts';
import type { LogbookPhoto } from '#shared/resources/logbook-entry.ts';

type PhotoType = LogbookPhoto['type'];

/** Folder of the photos in a workspace and in a backup of it. */
const FOLDER = 'photos';
const NAME = /^[0-9a-f]{64}$/;
/** A picture that no entry names may belong to one that is being written: it stays this long, ms. */
const KEPT_UNNAMED = 24 * 3_600_000;

const starts = (content: Uint8Array, at: number, bytes: readonly number[]): boolean => bytes.every((byte, i) => content[at + i] === byte);

/** What a picture is by its first bytes: JPEG (ITU-T T.81), PNG (ISO/IEC 15948), WebP (RFC 9649); whatever it is called. */
export function photoTypeOf(content: Uint8Array): PhotoType | undefined {
  if (starts(content, 0, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  if (starts(content, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  if (starts(content, 0, [0x52, 0x49, 0x46, 0x46]) && starts(content, 8, [0x57, 0x45, 0x42, 0x50])) return 'image/webp';
  return undefined;
}

/** Photos in the folder `photos` of the workspace, each under the SHA-256 of its content: the same picture is stored once and never changes. */
export class PhotoStore {
  readonly #folder: string;
  readonly #clock: Clock;
  #made = 0;

  constructor(options: { readonly dataFolder: string; readonly clock: Clock }) {
    this.#folder = join(options.dataFolder, FOLDER);
    this.#clock = options.clock;
  }

  /** Keeps a picture and its small picture. Throws AppError invalid-input for what is no picture, store-full or store-unwritable where it cannot be written. */
  async add(content: Uint8Array, thumbnail: Uint8Array | undefined): Promise<LogbookPhoto> {
    const type = photoTypeOf(content);
    if (type === undefined || (thumbnail !== undefined && photoTypeOf(thumbnail) === undefined)) throw new AppError('invalid-input', 'This is not a JPEG, PNG or WebP picture. Choose another file.');
    const hash = await this.#keep(content);
    return { hash, type, bytes: content.length, ...(thumbnail === undefined ? {} : { thumbnail: await this.#keep(thumbnail) }) };
  }

  /** The picture with this digest; undefined where it is not there or not what it was. */
  async read(hash: string): Promise<{ readonly content: Uint8Array<ArrayBuffer>; readonly type: PhotoType } | undefined> {
    const content = await readFile(this.#path(hash)).catch(() => undefined);
    if (content === undefined || digestOf(content) !== hash) return undefined;
    const type = photoTypeOf(content);
    return type === undefined ? undefined : { content: new Uint8Array(content), type };
  }

  /** Whether a picture is kept. */
  has(hash: string): boolean {
    return existsSync(this.#path(hash));
  }

  /**
   * Copies every picture into the folder of a backup, each after its content was compared with its name; on the same disk as a second name
   * of the file, which takes no room. Returns their number and bytes, and how many are damaged and left out. Throws AppError store-full, store-unwritable, and cancelled where it was stopped.
   */
  async copyTo(folder: string, isStopped: () => boolean = () => false): Promise<{ readonly photos: number; readonly bytes: number; readonly damaged: number }> {
    let [photos, bytes, damaged] = [0, 0, 0];
    for await (const { path, group, name } of this.#files()) {
      if (!NAME.test(name)) continue;
      if (isStopped()) throw new AppError('cancelled', 'The console was closed before all photos were copied.');
      const content = await readFile(path).catch(() => undefined);
      if (content === undefined || digestOf(content) !== name) {
        damaged++;
        continue;
      }
      const copy = join(folder, FOLDER, group, name);
      try {
        await mkdir(join(folder, FOLDER, group), { recursive: true });
        await link(path, copy).catch(() => copyFile(path, copy));
      } catch (error) {
        throw storeError(error, copy);
      }
      photos++;
      bytes += content.length;
    }
    return { photos, bytes, damaged };
  }

  /** Removes pictures that `isNamed` does not know, and what was left half written, both where they are older than a day; returns how many files. */
  async removeUnnamed(isNamed: (hash: string) => boolean): Promise<number> {
    let removed = 0;
    for await (const { path, name } of this.#files()) {
      if (NAME.test(name) ? isNamed(name) : !name.endsWith('.partial')) continue;
      const found = await stat(path).catch(() => undefined);
      if (found === undefined || this.#clock.now() - found.mtimeMs < KEPT_UNNAMED) continue;
      await rm(path, { force: true });
      removed++;
    }
    return removed;
  }

  async *#files(): AsyncGenerator<{ readonly path: string; readonly group: string; readonly name: string }> {
    for (const group of await readdir(this.#folder).catch(() => [])) {
      for (const name of await readdir(join(this.#folder, group)).catch(() => [])) yield { path: join(this.#folder, group, name), group, name };
    }
  }

  async #keep(content: Uint8Array): Promise<string> {
    const hash = digestOf(content);
    const path = this.#path(hash);
    if (existsSync(path)) {
      // An entry is about to name it, perhaps again.
      const now = new Date(this.#clock.now());
      await utimes(path, now, now).catch(() => undefined);
      return hash;
    }
    const partial = `${path}.${this.#made++}.partial`;
    try {
      await mkdir(join(this.#folder, hash.slice(0, 2)), { recursive: true });
      const file = await open(partial, 'w');
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true }).catch(() => undefined);
      throw storeError(error, path);
    }
    return hash;
  }

  #path(hash: string): string {
    return join(this.#folder, hash.slice(0, 2), hash);
  }
}

function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
