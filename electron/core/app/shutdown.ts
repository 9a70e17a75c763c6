import type { Log } from '#shared/kernel/ports.ts';

/** Closes what was opened, last opened first; one failure does not keep the rest open. */
export class Shutdown {
  readonly #log: Log;
  #steps: { readonly name: string; readonly run: () => void | Promise<void> }[] = [];

  constructor(log: Log) {
    this.#log = log;
  }

  /** Registers how to close something; to be called on the line that opens it. */
  add(name: string, run: () => void | Promise<void>): void {
    this.#steps.push({ name, run });
  }

  async run(): Promise<void> {
    const steps = this.#steps.reverse();
    this.#steps = [];
    for (const { name, run } of steps) {
      try {
        await run();
      } catch (error) {
        this.#log.write('error', 'something could not be closed', { name, error });
      }
    }
  }
}
