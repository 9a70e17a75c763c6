import type { Notice } from '#shared/contract/app.ts';
import type { StorageReport } from '../store/telemetry/writer-protocol.ts';
import type { ReceiverState } from './receiver.ts';

/** Where notices go; the core's notice board is one. */
export interface NoticeSink {
  raise(id: string, severity: Notice['severity'], text: string, count?: number): void;
  clear(id: string): void;
}

/** A broker that is away for less than this is not worth a notice, ms. */
const BROKER_GRACE = 5000;
/** A commit beyond this is slow, ms. */
const SLOW_COMMIT = 1000;
/** A slow store is called slow for so long after the last slow commit, ms. */
const SLOW_MEMORY = 15_000;

export interface StoreStatus {
  readonly state: 'ok' | 'slow' | 'full' | 'failed';
  readonly since: number;
  readonly text?: string;
}

/** Turns what happens to broker and store into notices and the store's status. Times in epoch ms. */
export class IngestNotices {
  store: StoreStatus;
  readonly #sink: NoticeSink;
  #slowUntil = 0;
  #failure: string | undefined;
  #storage: StorageReport | undefined;
  #shed = 0;
  #refused = 0;
  #skipped = 0;

  constructor(sink: NoticeSink, now: number) {
    this.#sink = sink;
    this.store = { state: 'ok', since: now };
  }

  broker(state: ReceiverState, now: number): void {
    if (state.state !== 'connected' && now - state.since >= BROKER_GRACE) {
      this.#sink.raise('broker-offline', 'high', state.reason ?? `There is no connection to the broker at ${state.address}. It is tried again and again.`);
    } else if (state.state === 'connected') this.#sink.clear('broker-offline');
    if (state.state === 'connected' && state.reason !== undefined) this.#sink.raise('broker-refuses', 'high', state.reason);
    else if (state.state === 'connected') this.#sink.clear('broker-refuses');
  }

  storage(report: StorageReport, now: number): void {
    this.#storage = report;
    this.update(now);
  }

  commit(milliseconds: number, now: number): void {
    if (milliseconds > SLOW_COMMIT) this.#slowUntil = now + SLOW_MEMORY;
  }

  failed(text: string, now: number): void {
    this.#failure = text;
    this.update(now);
  }

  /** Looks at everything again; `paused`: the receiver is held back. */
  update(now: number, paused = false): void {
    if (paused) this.#slowUntil = now + SLOW_MEMORY;
    const { state, text } = this.#judge(now);
    if (state !== this.store.state || text !== this.store.text) this.store = { state, since: state === this.store.state ? this.store.since : now, ...(text === undefined ? {} : { text }) };
    this.#show('store-failed', state === 'failed', 'critical', text);
    this.#show('store-full', state === 'full', 'critical', text);
    this.#show('store-slow', state === 'slow', 'low', text);
    this.#show('store-low', this.#storage?.state === 'low', 'high', this.#storage?.text);
  }

  /** `offset`: what is added to the computer's clock, by the clocks of the units, ms. */
  clock(offset: number): void {
    const minutes = Math.round(Math.abs(offset) / 60_000);
    const duration = minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
    this.#show('computer-clock', offset !== 0, 'high', `This computer's clock is ${duration} ${offset < 0 ? 'ahead' : 'behind'}, by the clocks of most units. Times of reception are put right; set the computer's clock.`);
  }

  /** Messages that were shown and not stored, and messages the store refused, since the start. */
  lost(shed: number, refused: number): void {
    if (shed > this.#shed) this.#sink.raise('messages-shed', 'high', 'The store was too slow: telemetry was shown but not stored. Faults and alarms were stored. Free the disk of other work.', shed);
    if (refused > this.#refused) this.#sink.raise('messages-refused', 'high', 'Messages could not be stored and were not acknowledged; the broker sends them again.', refused);
    this.#shed = shed;
    this.#refused = refused;
  }

  /** Messages that were read past because of their size or QoS, since the start; `last`: topic and reason of the last. */
  skipped(count: number, last: string | undefined): void {
    if (count > this.#skipped) this.#sink.raise('messages-skipped', 'high', `Messages were not taken because of their size or QoS. The last: ${last ?? ''}`, count);
    this.#skipped = count;
  }

  #judge(now: number): { state: StoreStatus['state']; text?: string } {
    if (this.#failure !== undefined) return { state: 'failed', text: this.#failure };
    if (this.#storage?.state === 'failed' || this.#storage?.state === 'full') return { state: this.#storage.state, text: this.#storage.text ?? '' };
    if (now < this.#slowUntil) return { state: 'slow', text: 'The disk takes longer than usual to store telemetry.' };
    return { state: 'ok' };
  }

  #show(id: string, holds: boolean, severity: Notice['severity'], text = ''): void {
    if (holds) this.#sink.raise(id, severity, text);
    else this.#sink.clear(id);
  }
}
