import { benchCheck, benchVerdict, type BenchResult } from '#shared/domain/commissioning/index.ts';
import { DisposableStore, type Disposable } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import { uuidv7 } from '#shared/kernel/ids.ts';
import type { BenchOutcome, CommissioningInput } from '#shared/resources/commissioning-input.ts';
import { identifierKey } from '#shared/resources/normalise.ts';
import { BenchFactsOf, type BenchSubject } from './bench-facts.ts';
import { settingsOf, type WorkServices } from './services.ts';

/** A window hears of a check this often, ms. */
const PERIOD = 1000;
/** A check counts for this long after it was made, ms. */
const COUNTS_FOR = 15 * 60_000;
/** Checks that are remembered; the oldest goes. */
const REMEMBERED = 200;
/** Checks that run at a time, in all windows. */
const RUNNING = 60;

/** As it travels and is stored. */
type Plain = Omit<BenchResult, 'items'> & { items?: string[] };

const plain = ({ items, ...result }: BenchResult): Plain => ({ ...result, ...(items === undefined ? {} : { items: items.map((item) => item.slice(0, 200)) }) });

interface Check {
  readonly subject: BenchSubject;
  at: number;
  results: readonly BenchResult[];
}

export interface BenchItem {
  readonly benchId: string;
  readonly at: number;
  readonly since: number;
  readonly verdict: 'passed' | 'failed' | 'waiting';
  readonly results: Plain[];
}

/** Runs bench checks, and remembers how they stood, so that a window can name a check and not make its result up. */
export class BenchDesk {
  readonly #services: WorkServices;
  readonly #checks = new Map<string, Check>();
  #running = 0;

  constructor(services: WorkServices) {
    this.#services = services;
  }

  /** Checks `subject` every second until disposed. Throws AppError unavailable where too many run. */
  follow(subject: BenchSubject, tell: (item: BenchItem) => void): Disposable {
    if (this.#running >= RUNNING) throw new AppError('unavailable', `${RUNNING} bench checks run already. End one first.`);
    const { clock, rng, scheduler, taps, operations } = this.#services;
    const benchId = uuidv7(clock, rng);
    const since = clock.now();
    const facts = new BenchFactsOf(this.#services, subject);
    const step = (): void => {
      const { firmware, optionalSenders } = settingsOf(operations);
      const results = benchCheck(facts.facts({ firmware: firmware[subject.modelId] ?? [], optionalSenders }));
      this.#remember(benchId, { subject, at: clock.now(), results });
      tell({ benchId, at: clock.now(), since, verdict: benchVerdict(results), results: results.map(plain) });
    };
    const store = new DisposableStore();
    this.#running++;
    store.add({ dispose: () => this.#running-- });
    store.add(taps.watch(subject.deviceId, facts));
    step();
    store.add(scheduler.every(PERIOD, step));
    return store;
  }

  /** The outcome of a check as the record keeps it. Throws AppError not-found for one that is forgotten, too old or of another vehicle. */
  outcome(bench: { readonly result: 'passed' | 'overridden'; readonly benchId: string; readonly reason?: string }, input: CommissioningInput, deviceId: string | undefined): BenchOutcome {
    const check = this.#checks.get(bench.benchId);
    const same = check !== undefined && check.subject.deviceId === deviceId && check.subject.modelId === input.modelId && identifierKey(check.subject.bmsId) === identifierKey(input.bmsId);
    if (!same || this.#services.clock.now() - check.at > COUNTS_FOR) throw new AppError('not-found', 'This bench check is not of this vehicle, or too old. Repeat it.');
    const checks = check.results.map(plain);
    if (bench.result === 'passed') return { result: 'passed', checks, checkedAt: check.at };
    return { result: 'overridden', checks, checkedAt: check.at, reason: bench.reason ?? '' };
  }

  #remember(benchId: string, check: Check): void {
    this.#checks.delete(benchId);
    this.#checks.set(benchId, check);
    const [oldest] = this.#checks.keys();
    if (this.#checks.size > REMEMBERED && oldest !== undefined) this.#checks.delete(oldest);
  }
}
