import type { BenchContext } from './types.ts';

const ROUNDS = 7;

export interface Rate {
  /** Units per second of the fastest round: what the machine can do where something else disturbed the others. */
  readonly best: number;
  readonly median: number;
}

/** Warms `work` up, then measures it in seven rounds. `work` returns how many units it has done; it should take some milliseconds. */
export function measureRate(context: BenchContext, work: () => number): Rate {
  const [warmUp, round] = context.quick ? [50, 20] : [2000, 300];
  rateOver(warmUp, work);
  const rates = Array.from({ length: context.quick ? 3 : ROUNDS }, () => rateOver(round, work)).sort((a, b) => b - a);
  return { best: rates[0] ?? 0, median: rates[rates.length >> 1] ?? 0 };
}

function rateOver(milliseconds: number, work: () => number): number {
  let units = 0;
  const start = performance.now();
  for (;;) {
    units += work();
    const elapsed = performance.now() - start;
    if (elapsed >= milliseconds) return (units * 1000) / elapsed;
  }
}
