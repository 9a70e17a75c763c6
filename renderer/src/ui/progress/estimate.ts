export interface ProgressSample {
  /** ms of any clock that does not go back. */
  readonly at: number;
  readonly done: number;
}

/** Rate (items per second) and remaining time (ms) by the given samples, oldest first; undefined while they say nothing yet. */
export function estimateProgress(samples: readonly ProgressSample[], total: number): { perSecond: number; remaining: number } | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.at - first.at < 500 || last.done <= first.done) return undefined;
  const perSecond = (1000 * (last.done - first.done)) / (last.at - first.at);
  return { perSecond, remaining: Math.max(0, (1000 * (total - last.done)) / perSecond) };
}
