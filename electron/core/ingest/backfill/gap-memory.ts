import type { LostRange, SequenceRange } from '#shared/domain/telemetry/sequence/index.ts';
import type { Clock, Log } from '#shared/kernel/ports.ts';
import { GapStore, type StoredGap } from '../../store/gaps/gap-store.ts';

/** Where gaps that were given up are kept. None of it throws: a gap that cannot be written is found again after a restart. */
export interface GapMemory {
  of(device: string, limit?: number): StoredGap[];
  add(device: string, ranges: readonly LostRange[], givenUpAt: number): void;
  fill(device: string, ranges: readonly SequenceRange[]): void;
  /** Drops what was given up before `instant`, epoch ms. */
  drop(instant: number): void;
  close(): void;
}

/** Gaps in the database at `path`, opened when it is first needed; what goes wrong is logged. */
export function gapMemory(path: string, clock: Clock, log: Log): GapMemory {
  let store: GapStore | undefined;
  const attempt = <T>(otherwise: T, work: (store: GapStore) => T): T => {
    try {
      store ??= new GapStore(path, clock);
      return work(store);
    } catch (error) {
      log.write('warn', 'Gaps in the history cannot be kept or read.', { error: error instanceof Error ? error.message : String(error) });
      return otherwise;
    }
  };
  return {
    of: (device, limit) => attempt([], (open) => open.of(device, limit)),
    add: (device, ranges, givenUpAt) => attempt(undefined, (open) => open.add(device, ranges, givenUpAt)),
    fill: (device, ranges) => attempt(undefined, (open) => open.fill(device, ranges)),
    drop: (instant) => attempt(undefined, (open) => open.drop(instant)),
    close() {
      store?.close();
      store = undefined;
    },
  };
}
