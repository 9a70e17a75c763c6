import { AppError } from '../../kernel/error.ts';
import type { SeededRandom } from '../random.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface NetworkFaults {
  /** Chances from 0 to 1, of a request and of an answer each. */
  readonly drop: number;
  readonly duplicate: number;
  /** Longest way, ms; drawn anew for each message, so that messages overtake each other. */
  readonly delay: number;
}

/** After so long a client gives a request up, ms. */
const TIMEOUT = 15_000;
const unreachable = (): AppError => new AppError('unavailable', 'The server cannot be reached.');

/** Requests and answers on a bad line: lost, late, twice, out of order, cut off. */
export class VirtualNetwork {
  readonly #time: VirtualTime;
  readonly #random: SeededRandom;
  readonly #cut = new Set<string>();
  faults: NetworkFaults;

  constructor(time: VirtualTime, random: SeededRandom, faults: NetworkFaults) {
    this.#time = time;
    this.#random = random;
    this.faults = faults;
  }

  /** Takes a node off the network, or puts it back. */
  cut(node: string, cut: boolean): void {
    if (cut) this.#cut.add(node);
    else this.#cut.delete(node);
  }

  /** Carries a request to `serve` and its answer back; both as JSON, as on a real line. A server that dies gives no answer: it throws `lost`. */
  request<Q, A>(node: string, request: Q, serve: (request: Q) => Promise<A>): Promise<A> {
    const text = JSON.stringify(request);
    return new Promise<A>((resolve, reject) => {
      this.#time.after(TIMEOUT, () => reject(unreachable()));
      const deliver = (): void => {
        if (this.#cut.has(node)) return;
        const answer = (send: () => void): void => {
          if (this.#random.next() >= this.faults.drop) this.#time.after(this.#way(), () => this.#cut.has(node) || send());
        };
        serve(JSON.parse(text) as Q).then(
          (value) => {
            const back = JSON.stringify(value);
            answer(() => resolve(JSON.parse(back) as A));
          },
          (error: unknown) => {
            if (error instanceof AppError) answer(() => reject(AppError.fromData(error.toData())));
            else if (!(error instanceof Lost)) reject(error as Error);
          },
        );
      };
      if (this.#random.next() >= this.faults.drop) this.#time.after(this.#way(), deliver);
      if (this.#random.next() < this.faults.duplicate) this.#time.after(this.#way() * 20, deliver);
    });
  }

  #way(): number {
    return 1 + this.#random.below(this.faults.delay);
  }
}

/** A process died while it did something: nobody hears of it. */
export class Lost extends Error {
  override readonly name = 'Lost';
}
