import type { Coalesce } from './definition.ts';

/** What an Outbox has to say to its client. */
export interface OutboxWire<T> {
  item(value: T, dropped: number): void;
  end(): void;
}

/**
 * The items of one stream that wait for credit, coalesced as the contract says. Memory is bounded in every mode: one item
 * (`latest`), one flag (`merge`) or `bound` items (`queue`, oldest dropped and counted).
 */
export class Outbox<T> {
  readonly #coalesce: Coalesce;
  readonly #wire: OutboxWire<T>;
  #credit: number;
  #waiting: T[] = [];
  #dropped = 0;
  #source: (() => T | undefined) | undefined;
  #ready = false;
  #ending = false;
  #done = false;

  constructor(coalesce: Coalesce, credit: number, wire: OutboxWire<T>) {
    this.#coalesce = coalesce;
    this.#credit = credit;
    this.#wire = wire;
  }

  push(item: T): void {
    if (this.#done || this.#ending) return;
    switch (this.#coalesce.mode) {
      case 'latest':
        this.#waiting[0] = item;
        break;
      case 'queue':
        this.#waiting.push(item);
        break;
      case 'merge':
        throw new Error('a stream that merges gives a source');
    }
    this.#pump();
    this.#trim();
  }

  source(next: () => T | undefined): void {
    if (this.#coalesce.mode !== 'merge') throw new Error('only a stream that merges has a source');
    this.#source = next;
    this.#pump();
  }

  ready(): void {
    if (this.#done || this.#ending) return;
    this.#ready = true;
    this.#pump();
  }

  end(): void {
    this.#ending = true;
    this.#pump();
  }

  grant(credit: number): void {
    this.#credit += credit;
    this.#pump();
  }

  /** Drops what waits; nothing is sent any more. */
  stop(): void {
    this.#done = true;
    this.#waiting = [];
    this.#source = undefined;
  }

  #pump(): void {
    while (!this.#done && this.#credit > 0) {
      const item = this.#take();
      if (item === undefined) break;
      this.#credit--;
      const dropped = this.#dropped;
      this.#dropped = 0;
      this.#wire.item(item, dropped);
    }
    if (this.#ending && !this.#done && this.#waiting.length === 0 && !(this.#ready && this.#source)) {
      this.stop();
      this.#wire.end();
    }
  }

  #take(): T | undefined {
    if (this.#coalesce.mode !== 'merge') return this.#waiting.shift();
    if (!this.#ready || this.#source === undefined) return undefined;
    this.#ready = false;
    return this.#source();
  }

  #trim(): void {
    if (this.#coalesce.mode !== 'queue') return;
    while (this.#waiting.length > this.#coalesce.bound) {
      this.#waiting.shift();
      this.#dropped++;
    }
  }
}
