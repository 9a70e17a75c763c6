import { AppError } from '#shared/kernel/error.ts';

/** Pieces of work that may wait for a connection. */
const BOUND = 2_000;

/** Runs pieces of work one after the other. Beyond the bound they are refused with AppError unavailable. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Work that waits or runs. */
  get waiting(): number {
    return this.#waiting;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= BOUND) throw new AppError('unavailable', 'The server has too much to do at the moment. Try again.');
    this.#waiting++;
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waiting--;
    }
  }
}
