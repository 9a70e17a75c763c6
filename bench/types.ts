/** What a result has to reach; every bound that is given counts. */
export interface BenchGoal {
  readonly of: 'value' | 'ratio';
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface BenchResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Measured in the same run, in the same unit. */
  readonly baseline?: { readonly name: string; readonly value: number };
  /** value / baseline */
  readonly ratio?: number;
  readonly goals?: readonly BenchGoal[];
  /** Whether every goal is reached; undefined without goals. */
  readonly reached?: boolean;
  /** What a reader should know about the figure. */
  readonly note?: string;
}

export interface BenchContext {
  /** Shorter rounds: shows that everything runs; the figures are not to be quoted. */
  readonly quick: boolean;
  /** How many points the store is filled with (--points). */
  readonly points?: number;
  /** Tells the person at the terminal what is being measured. */
  readonly say: (text: string) => void;
}

/** One bench: a file `NAME.bench.ts` that exports it, listed in index.ts. */
export interface Bench {
  readonly name: string;
  /** One line: what is measured, and on what. */
  readonly describe: string;
  run(context: BenchContext): readonly BenchResult[] | Promise<readonly BenchResult[]>;
}

/** Adds ratio and verdict. */
export function judge(result: Omit<BenchResult, 'ratio' | 'reached'>): BenchResult {
  const ratio = result.baseline === undefined ? undefined : result.value / result.baseline.value;
  const reached = result.goals?.every(({ of, atLeast, atMost }) => {
    const figure = of === 'value' ? result.value : ratio;
    return figure !== undefined && (atLeast === undefined || figure >= atLeast) && (atMost === undefined || figure <= atMost);
  });
  return { ...result, ...(ratio === undefined ? {} : { ratio }), ...(reached === undefined ? {} : { reached }) };
}
