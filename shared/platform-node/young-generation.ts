import { setFlagsFromString } from 'node:v8';

/** MB of one half-space of young objects. V8 would take 64 on a large machine, for each thread, and give none of it back. */
export const SEMI_SPACE = 8;

/** What worker threads may use for young objects, MB: those of the store, and the broker, whose messages are objects until they are handed over. */
export const YOUNG_GENERATION = { store: 8, broker: 16 } as const;

/**
 * Bounds the memory that worker threads started later use for young objects; it costs no measurable time. A thread that runs already, so the
 * main one, keeps its bound: that is given on the command line, `node --max-semi-space-size=8`.
 */
export function boundYoungGeneration(): void {
  setFlagsFromString(`--max-semi-space-size=${SEMI_SPACE}`);
}
