import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#shared/kernel/error.ts';
import type { LogbookPhoto } from '#shared/resources/logbook-entry.ts';

type PhotoType = LogbookPhoto['type'];

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
  #made = 0;

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'photos');
  }

  /** Keeps a picture and its small picture. Throws AppError invalid-input for what is no picture, store-full where there is no room. */
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

  async #keep(content: Uint8Array): Promise<string> {
    const hash = digestOf(content);
    const path = this.#path(hash);
    if (existsSync(path)) return hash;
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
      throw new AppError('store-full', 'The photo could not be stored. Make room on the disk and add it again.', {}, { cause: error });
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
