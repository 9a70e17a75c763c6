import type { BenchContext } from './types.ts';

const ROUNDS = 7;

export interface Rate {
  /** Units per second of the fastest round: what the machine can do where something else disturbed the others. */
  readonly best: number;
  readonly median: number;
}

/** Milliseconds from an arbitrary start. */
export type Stopwatch = () => number;

/** Time on the wall: for work that waits, or that other threads do. */
export const wallTime: Stopwatch = () => performance.now();

/** CPU time of this thread: for work of one thread that never waits; other load on the machine then counts little. */
export const threadTime: Stopwatch = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** Warms `work` up, then measures it in seven rounds. `work` returns how many units it has done; it should take some milliseconds. */
export function measureRate(context: BenchContext, work: () => number, stopwatch: Stopwatch): Rate {
  const [warmUp, round] = context.quick ? [50, 20] : [2000, 300];
  rateOver(warmUp, work, stopwatch);
  const rates = Array.from({ length: context.quick ? 3 : ROUNDS }, () => rateOver(round, work, stopwatch)).sort((a, b) => b - a);
  return { best: rates[0] ?? 0, median: rates[rates.length >> 1] ?? 0 };
}

function rateOver(milliseconds: number, work: () => number, stopwatch: Stopwatch): number {
  let units = 0;
  const start = stopwatch();
  for (;;) {
    units += work();
    const elapsed = stopwatch() - start;
    if (elapsed >= milliseconds) return (units * 1000) / elapsed;
  }
}
