import type { LostRange, SequenceRange } from '#shared/domain/telemetry/sequence/index.ts';
import type { Clock, Log } from '#shared/kernel/ports.ts';
import { GapStore, type StoredGap } from '../../store/gaps/gap-store.ts';
import type { NoticeSink } from '../notices.ts';

/** Where gaps that were given up are kept. None of it throws: a gap that cannot be written is found again after a restart. */
export interface GapMemory {
  of(device: string, limit?: number): StoredGap[];
  add(device: string, ranges: readonly LostRange[], givenUpAt: number): void;
  fill(device: string, ranges: readonly SequenceRange[]): void;
  /** Drops what was given up before `instant`, epoch ms. */
  drop(instant: number): void;
  close(): void;
}

const NOTICE = 'gaps-store';
/** After a failure it is left alone for so long, ms; doubling up to the longest. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 10 * 60_000;

/** Gaps in the database at `path`, opened when it is first needed. What goes wrong is said once, and tried again later each time. */
export function gapMemory(path: string, clock: Clock, log: Log, notices: NoticeSink): GapMemory {
  let store: GapStore | undefined;
  let pause = 0;
  let failedAt = 0;
  const attempt = <T>(otherwise: T, work: (store: GapStore) => T): T => {
    if (pause > 0 && clock.monotonic() - failedAt < pause) return otherwise;
    try {
      store ??= new GapStore(path, clock);
      const result = work(store);
      if (pause > 0) notices.clear(NOTICE);
      pause = 0;
      return result;
    } catch (error) {
      if (pause === 0) {
        log.write('warn', 'Gaps in the history cannot be kept or read.', { error: error instanceof Error ? error.message : String(error) });
        notices.raise(NOTICE, 'low', 'Which messages are missing for good cannot be kept or read. It is tried again; free the disk, or look at the log.');
      }
      pause = Math.min(LONGEST_PAUSE, Math.max(FIRST_PAUSE, pause * 2));
      failedAt = clock.monotonic();
      // Opened anew the next time: what is wrong may be found then, and set aside.
      close();
      return otherwise;
    }
  };
  function close(): void {
    try {
      store?.close();
    } catch {
      // It is of no more use either way.
    }
    store = undefined;
  }
  return {
    of: (device, limit) => attempt([], (open) => open.of(device, limit)),
    add: (device, ranges, givenUpAt) => attempt(undefined, (open) => open.add(device, ranges, givenUpAt)),
    fill: (device, ranges) => attempt(undefined, (open) => open.fill(device, ranges)),
    drop: (instant) => attempt(undefined, (open) => open.drop(instant)),
    close,
  };
}
