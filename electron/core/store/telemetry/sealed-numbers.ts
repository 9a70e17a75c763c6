import { openChunk, type ChunkTable } from './chunk-table.ts';
import { ChunkError } from '#shared/domain/telemetry/codec/chunk/index.ts';

/** Numbers that are kept, over all hours; beyond it they are read anew. */
const LIMIT = 500_000;

/** Which messages are sealed, by unit and hour: boots and numbers of the chunks, without their values. */
export class SealedNumbers {
  readonly #chunks: ChunkTable;
  readonly #hours = new Map<string, Map<number, Set<number>>>();
  #count = 0;

  constructor(chunks: ChunkTable) {
    this.#chunks = chunks;
  }

  has(unit: number, hour: number, boot: number, number: number): boolean {
    const key = `${unit}:${hour}`;
    let boots = this.#hours.get(key);
    if (!boots) {
      if (this.#count > LIMIT) this.forget();
      this.#hours.set(key, (boots = this.#read(unit, hour)));
    }
    return boots.get(boot)?.has(number) === true;
  }

  /** To be called when chunks have changed. */
  forget(): void {
    this.#hours.clear();
    this.#count = 0;
  }

  #read(unit: number, hour: number): Map<number, Set<number>> {
    const boots = new Map<number, Set<number>>();
    for (const chunk of this.#chunks.of(unit, hour)) {
      try {
        const found = openChunk(chunk)?.numbers();
        found?.number.forEach((number, row) => {
          const boot = found.boot[row] as number;
          const numbers = boots.get(boot);
          if (numbers) numbers.add(number);
          else boots.set(boot, new Set([number]));
          this.#count++;
        });
      } catch (error) {
        if (!(error instanceof ChunkError) && !(error instanceof RangeError)) throw error;
      }
    }
    // An hour without any is remembered, too.
    this.#count++;
    return boots;
  }
}
