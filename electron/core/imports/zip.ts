import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { AppError } from '#shared/kernel/error.ts';

/** One file inside an archive, as the central directory tells (APPNOTE.TXT 6.3.10, 4.3.12). */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Where its local header is. */
  readonly offset: number;
}

export interface ZipLimits {
  readonly entries: number;
  /** All entries together, bytes when unpacked. */
  readonly inflated: number;
  /** Unpacked over packed size of an entry, once it is larger than `ratioFrom` bytes. */
  readonly ratio: number;
  readonly ratioFrom: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const COMMENT_MAX = 65_535;
const LOCAL_SIZE = 30;
const TAIL = 64;
const STORED = 0;
const DEFLATED = 8;
/** A size or offset that stands in a ZIP64 field: more than any workbook needs. */
const ZIP64 = 0xffffffff;

const damaged = (): AppError => new AppError('invalid-input', 'The file is damaged: its contents are not where it says. Save it anew as .xlsx and upload it again.');
const tooLarge = (detail: string): AppError => new AppError('too-large', `The file unpacks to more than a workbook of this size holds (${detail}). It was not read.`);

async function bytesAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, offset);
  if (bytesRead !== length) throw damaged();
  return buffer;
}

/** Reads and checks the directory of an archive before anything is unpacked. Throws AppError invalid-input or too-large. */
export async function readDirectory(path: string, limits: ZipLimits): Promise<readonly ZipEntry[]> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const tail = await bytesAt(file, Math.max(0, size - END_SIZE - COMMENT_MAX), Math.min(size, END_SIZE + COMMENT_MAX));
    let at = tail.length - END_SIZE;
    while (at >= 0 && tail.readUInt32LE(at) !== END) at -= 1;
    if (at < 0) throw damaged();
    const count = tail.readUInt16LE(at + 10);
    const length = tail.readUInt32LE(at + 12);
    const offset = tail.readUInt32LE(at + 16);
    if (count > limits.entries) throw tooLarge(`${count} parts`);
    if (count === 0 || offset === ZIP64 || offset + length > size) throw damaged();
    const entries = parseDirectory(await bytesAt(file, offset, length), count);
    checkEntries(entries, offset, limits);
    return entries;
  } finally {
    await file.close();
  }
}

function parseDirectory(bytes: Buffer, count: number): ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let n = 0; n < count; n++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== CENTRAL) throw damaged();
    const nameLength = bytes.readUInt16LE(at + 28);
    const end = at + 46 + nameLength;
    if (end > bytes.length) throw damaged();
    entries.push({
      name: bytes.toString('utf8', at + 46, end).replaceAll('\\', '/'),
      encrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    });
    at = end + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function checkEntries(entries: readonly ZipEntry[], directoryAt: number, limits: ZipLimits): void {
  let inflated = 0;
  for (const { size, packed, method } of entries) {
    if (size === ZIP64 || packed === ZIP64) throw tooLarge('over 4 GB');
    if (method !== STORED && method !== DEFLATED) throw damaged();
    inflated += size;
    if (size > limits.ratioFrom && size > packed * limits.ratio) throw tooLarge(`one part ${Math.round(size / Math.max(1, packed))} times its packed size`);
  }
  if (inflated > limits.inflated) throw tooLarge(`${Math.round(inflated / 1_048_576)} MB`);
  // Entries that share their bytes are how a small archive holds a large one (D. Fifield, "A better zip bomb", 2019).
  const placed = [...entries].sort((a, b) => a.offset - b.offset);
  placed.forEach((entry, n) => {
    if (entry.offset + LOCAL_SIZE + entry.packed > (placed[n + 1]?.offset ?? directoryAt)) throw damaged();
  });
  if (new Set(entries.map(({ name }) => name.toLowerCase())).size !== entries.length) throw damaged();
}

/** Unpacks an entry, piece by piece; never gives more than the directory announced. Throws AppError invalid-input for anything else. */
export async function unpack(path: string, entry: ZipEntry, take: (piece: Buffer) => Promise<void> | void): Promise<void> {
  const file = await open(path, 'r');
  let start: number;
  try {
    const header = await bytesAt(file, entry.offset, LOCAL_SIZE);
    if (header.readUInt32LE(0) !== LOCAL) throw damaged();
    start = entry.offset + LOCAL_SIZE + header.readUInt16LE(26) + header.readUInt16LE(28);
  } finally {
    await file.close();
  }
  let size = 0;
  let crc = 0;
  const sink = new Writable({
    write(piece: Buffer, _encoding, done) {
      size += piece.length;
      if (size > entry.size) return done(damaged());
      crc = crc32(piece, crc);
      Promise.resolve(take(piece)).then(() => done(), (error: unknown) => done(error instanceof Error ? error : new Error(String(error))));
    },
  });
  if (entry.packed > 0) {
    const source = createReadStream(path, { start, end: start + entry.packed - 1 });
    try {
      await (entry.method === STORED ? pipeline(source, sink) : pipeline(source, createInflateRaw(), sink));
    } catch (error) {
      throw error instanceof AppError ? error : damaged();
    }
  }
  if (size !== entry.size || crc !== entry.crc) throw damaged();
}

/** The text of a small entry. Throws AppError too-large beyond `limit` bytes. */
export async function unpackText(path: string, entry: ZipEntry, limit: number): Promise<string> {
  if (entry.size > limit) throw tooLarge(`${entry.name} alone ${Math.round(entry.size / 1_048_576)} MB`);
  const pieces: Buffer[] = [];
  await unpack(path, entry, (piece) => void pieces.push(piece));
  return Buffer.concat(pieces).toString('utf8');
}

/** Writes an archive whose entries are stored as they are, with every size in front: what comes out is what the directory says. */
export class StoredZip {
  readonly #file: FileHandle;
  readonly #directory: Buffer[] = [];
  #at = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async addText(name: string, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    await this.#head(name, bytes.length, crc32(bytes));
    await this.#write(bytes);
  }

  /** Copies an entry of another archive, unpacked, and returns its last characters. */
  async copy(name: string, path: string, entry: ZipEntry): Promise<string> {
    let tail = Buffer.alloc(0);
    await this.#head(name, entry.size, entry.crc);
    await unpack(path, entry, (piece) => {
      tail = Buffer.concat([tail, piece.subarray(-TAIL)]).subarray(-TAIL);
      return this.#write(piece);
    });
    return tail.toString('latin1');
  }

  async end(): Promise<void> {
    const at = this.#at;
    const directory = Buffer.concat(this.#directory);
    await this.#write(directory);
    const end = Buffer.alloc(END_SIZE);
    end.writeUInt32LE(END, 0);
    end.writeUInt16LE(this.#directory.length, 8);
    end.writeUInt16LE(this.#directory.length, 10);
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(at, 16);
    await this.#write(end);
  }

  async #head(name: string, size: number, crc: number): Promise<void> {
    const text = Buffer.from(name);
    const local = Buffer.alloc(LOCAL_SIZE);
    local.writeUInt32LE(LOCAL, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt32LE(crc, 14);
    local.writeUInt32LE(size, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(text.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(CENTRAL, 0);
    central.writeUInt16LE(20, 4);
    central.writeUInt16LE(20, 6);
    local.copy(central, 16, 14, 28);
    central.writeUInt32LE(this.#at, 42);
    this.#directory.push(Buffer.concat([central, text]));
    await this.#write(local);
    await this.#write(text);
  }

  async #write(bytes: Buffer): Promise<void> {
    await this.#file.writeFile(bytes);
    this.#at += bytes.length;
  }
}
