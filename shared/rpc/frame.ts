import { AppError } from '../kernel/error.ts';
import type { Binary, Message } from './channel.ts';
import { BINARY_KINDS, mapBinaries, type BinaryKind, type PathStep } from './plain.ts';

/**
 * A frame is what a WebSocket carries. A message without typed arrays is one JSON text. Any other is one binary:
 * `u32 header length (little endian) | header, JSON in UTF-8 | zeros to a multiple of 8 | attachments, each at a multiple of 8`, where the
 * header is `{ m: message, b: [[path, kind, offset, length], …] }`: at `path` of the message belongs a typed array of `length` elements
 * that begins `offset` bytes after the start of the attachments. Numbers in attachments are little endian, as on every
 * machine that runs Electron.
 */
export type Frame = string | Uint8Array<ArrayBuffer>;

type Attachment = readonly [path: readonly PathStep[], kind: BinaryKind, offset: number, length: number];

const ALIGNMENT = 8;
const LENGTH_BYTES = 4;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

const ELEMENT_BYTES = { Uint8Array: 1, Uint16Array: 2, Uint32Array: 4, Int32Array: 4, Float32Array: 4, Float64Array: 8 } as const satisfies Record<BinaryKind, number>;

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** The frame of a message; throws a TypeError when a value in it does not travel (see mapBinaries). */
export function encodeFrame(message: Message): Frame {
  const attachments: Attachment[] = [];
  const arrays: Binary[] = [];
  let size = 0;
  const tree = mapBinaries(message, (array, kind, path) => {
    attachments.push([[...path], kind, size, array.length]);
    arrays.push(array);
    size += aligned(array.byteLength);
    return 0;
  });
  if (arrays.length === 0) return JSON.stringify(tree);

  const header = encoder.encode(JSON.stringify({ m: tree, b: attachments }));
  const start = aligned(LENGTH_BYTES + header.length);
  const frame = new Uint8Array(start + size);
  new DataView(frame.buffer).setUint32(0, header.length, true);
  frame.set(header, LENGTH_BYTES);
  arrays.forEach((array, index) => {
    const offset = attachments[index]?.[2] ?? 0;
    frame.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start + offset);
  });
  return frame;
}

/**
 * The message of a frame. Typed arrays are views of the frame's own memory (no copy, provided that the frame begins at a multiple of 8).
 * Throws AppError `invalid-input` on anything that encodeFrame does not make.
 */
export function decodeFrame(frame: string | Uint8Array): Message {
  if (typeof frame === 'string') return asMessage(parseJson(frame));
  if (frame.length < LENGTH_BYTES) throw malformed('shorter than its header');
  const bytes = frame.byteOffset % ALIGNMENT === 0 ? frame : frame.slice();
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  const start = aligned(LENGTH_BYTES + headerLength);
  if (start > bytes.length) throw malformed('header longer than the frame');
  const header = asMessage(parseJson(decodeText(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + headerLength))));
  const message = asMessage(header['m']);
  if (!Array.isArray(header['b'])) throw malformed('no list of attachments');
  for (const entry of header['b']) {
    const [path, kind, offset, length] = asAttachment(entry);
    const end = start + offset + length * ELEMENT_BYTES[kind];
    if (end > bytes.length) throw malformed('attachment beyond the frame');
    place(message, path, view(kind, bytes.buffer, bytes.byteOffset + start + offset, length));
  }
  return message;
}

function view(kind: BinaryKind, buffer: ArrayBufferLike, offset: number, length: number): Binary {
  switch (kind) {
    case 'Uint8Array': return new Uint8Array(buffer, offset, length);
    case 'Uint16Array': return new Uint16Array(buffer, offset, length);
    case 'Uint32Array': return new Uint32Array(buffer, offset, length);
    case 'Int32Array': return new Int32Array(buffer, offset, length);
    case 'Float32Array': return new Float32Array(buffer, offset, length);
    case 'Float64Array': return new Float64Array(buffer, offset, length);
  }
}

/** Puts `value` at `path`; only where the message has an own member, so that no prototype is reached. */
function place(message: Message, path: readonly PathStep[], value: Binary): void {
  let target: unknown = message;
  for (let depth = 0; depth < path.length; depth++) {
    const step = path[depth] as PathStep;
    if (typeof target !== 'object' || target === null || ArrayBuffer.isView(target) || !Object.hasOwn(target, step)) throw malformed('attachment without a place');
    const holder = target as Record<PathStep, unknown>;
    if (depth === path.length - 1) {
      if (holder[step] !== 0) throw malformed('attachment over a value');
      holder[step] = value;
    } else target = holder[step];
  }
}

function asAttachment(entry: unknown): Attachment {
  const [path, kind, offset, length] = Array.isArray(entry) ? (entry as unknown[]) : [];
  const wellFormed =
    Array.isArray(path) && path.length > 0 && path.every((step) => typeof step === 'string' || typeof step === 'number') &&
    (BINARY_KINDS as readonly unknown[]).includes(kind) && isCount(offset) && offset % ALIGNMENT === 0 && isCount(length);
  if (!wellFormed) throw malformed('attachment not understood');
  return [path as PathStep[], kind as BinaryKind, offset, length];
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed('not JSON', cause);
  }
}

function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw malformed('not UTF-8', cause);
  }
}

function asMessage(value: unknown): Message {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('not an object');
  return value as Message;
}

function malformed(reason: string, cause?: unknown): AppError {
  return new AppError('invalid-input', `A message could not be read: ${reason}.`, undefined, { cause });
}
