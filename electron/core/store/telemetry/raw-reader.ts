import type { SqliteDatabase } from '#shared/platform-node/sqlite/index.ts';
import { RawBlock, type RawPayload } from './raw-batch.ts';
import type { Segment } from './segments.ts';

/** Opened blocks that are kept: rows of one unit lie in many blocks, and those of a page in neighbouring ones. */
const CACHED = 8;

/** Raw payloads by place in the log. */
export class RawReader {
  readonly #database: SqliteDatabase;
  #blocks: RawBlock[] = [];

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  /** The payload, or undefined where it is not kept (any more). A copy. */
  payload(segments: readonly Segment[], sequence: number): RawPayload | undefined {
    const block = this.#blocks.find((held) => held.first <= sequence && sequence <= held.last) ?? this.#open(segments, sequence);
    if (!block) return undefined;
    const payload = block.payload(sequence);
    return payload.length > 0 ? { suffix: block.suffix(sequence), payload: new Uint8Array(payload) } : undefined;
  }

  /** The block that holds the message; undefined where its batch had no payloads, or it cannot be read. */
  block(segment: Segment, sequence: number): RawBlock | undefined {
    const row = this.#database
      .prepare<[number], { first: number; last: number; coding: number; data: Uint8Array }>(
        `SELECT first_sequence AS first, last_sequence AS last, coding, data FROM raw_${segment.id} WHERE first_sequence <= ? ORDER BY first_sequence DESC LIMIT 1`,
      )
      .get(sequence);
    if (!row || row.last < sequence) return undefined;
    try {
      return new RawBlock(row);
    } catch {
      return undefined;
    }
  }

  /** Forgets opened blocks: another epoch, or memory. */
  clear(): void {
    this.#blocks = [];
  }

  #open(segments: readonly Segment[], sequence: number): RawBlock | undefined {
    const segment = segments.find((candidate) => candidate.first <= sequence && sequence <= candidate.last);
    const block = segment?.hasRaw ? this.block(segment, sequence) : undefined;
    if (block) this.#blocks = [block, ...this.#blocks.slice(0, CACHED - 1)];
    return block;
  }
}
