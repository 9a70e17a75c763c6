import type { TopicSuffix } from '#shared/domain/telemetry/adapters/index.ts';
import { QUALITY, REJECT_REASONS, type AckContent } from '#shared/domain/telemetry/envelope/index.ts';
import type { DecodedMessage, Processor } from '#shared/domain/telemetry/processor/index.ts';
import type { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import { ROW_FLAG, textBytesOf, type Batch } from '../store/telemetry/batch.ts';
import { BatchRejection, type Commit } from '../store/telemetry/writer-client.ts';
import { BatchQueue, type BatchWriter } from './batch-queue.ts';
import { createPipelineCounters, ROUTE_REFUSALS } from './counters.ts';
import type { Receiver, ReceiverSink, SkipReason } from './receiver.ts';
import { Routes, type Route } from './routes.ts';
import { Samples } from './samples.ts';
import { detailBytes, writePayload } from './stored-payload.ts';
import { secondOf, StoredValues, type StorageTable } from './stored-values.ts';
import { codeOfSuffix } from './suffix-codes.ts';
import type { IngestUnit, UnitRegistry } from './unit-registry.ts';

export interface PipelineOptions {
  readonly topicPrefix: string;
  readonly processor: Processor;
  readonly state: FleetState;
  readonly registry: UnitRegistry;
  readonly storage: StorageTable;
  readonly writer: BatchWriter;
  /** Told what a unit's clock said in a live message, and when that was received, epoch ms. */
  readonly observeClock?: (unit: string, deviceTime: number, receivedAt: number) => void;
}

/** A message of a unit, for the engines that follow it (alerts, trips, commands); valid during the call. */
export interface DecodedEvent {
  readonly unit: IngestUnit;
  readonly message: DecodedMessage;
}

/** OTA topics are answered by their own service; this is their way to it. */
export interface ThingsEvent {
  readonly unit: IngestUnit;
  /** What follows the device in the topic. */
  readonly detail: string;
  readonly payload: Uint8Array;
}

/** Under this name the intake page shows messages whose topic leads to no unit. */
export const OTHER_TOPICS = '(other topics)';

const NOTHING = new Uint8Array(0);
/** Rows nobody waits for are gathered to this many before they are committed. */
const GATHER = 256;
/** These messages say nothing about the unit's clock. */
const DELAYED = QUALITY.duplicate | QUALITY.buffered | QUALITY.queued | QUALITY.retained;
/** Values of these messages are no news: seen before. Broker's retained copies are shown and not stored. */
const NOT_STORED = QUALITY.duplicate | QUALITY.retained;

/**
 * From a payload to the live fleet and the log: route, decode, apply, decide what to store, encode, hand over in batches, acknowledge after
 * the commit. One call per message, on the core's thread; it allocates nothing per message but what the decoder of JSON does.
 */
export class Pipeline implements ReceiverSink {
  readonly counters = createPipelineCounters();
  readonly samples = new Samples();
  readonly onDecoded = new Emitter<DecodedEvent>();
  readonly onThings = new Emitter<ThingsEvent>();
  /** A unit has answered a command. */
  readonly onAck = new Emitter<{ readonly unit: IngestUnit; readonly ack: AckContent }>();
  /** Units in whose numbers a gap has shown; whoever looks after them takes them out and clears `watched` when it is done. */
  readonly broken: IngestUnit[] = [];
  /** After each commit. */
  readonly onApplied = new Emitter<Commit>();
  /** A batch that the store refused for good. */
  readonly onRefused = new Emitter<Error>();
  readonly queue: BatchQueue;
  /** What was stored last of every unit. */
  readonly stored: StoredValues;
  /** Set while the store is too slow for what comes: messages that may be lost are not stored. */
  shedding = false;
  lastUnrouted: string | undefined;
  /** Topic and reason of the last message that was read past. */
  lastSkipped: string | undefined;
  /** Reception of the newest message, epoch ms; NaN: none. */
  lastReceived = Number.NaN;
  receiver: Receiver | undefined;
  /** Sees every message of a known unit before it is processed; undefined while nobody looks. */
  tap: ((unit: IngestUnit, suffix: TopicSuffix, payload: Uint8Array, receivedAt: number) => void) | undefined;
  /** Called when a round of messages has been taken in. */
  afterRound: () => void = () => undefined;
  readonly #options: PipelineOptions;
  #routes: Routes;
  /** Where the values of the row that is being written end. */
  #valueEnd = 0;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.stored = new StoredValues(options.storage);
    this.#routes = new Routes(options.topicPrefix, options.registry);
    this.queue = new BatchQueue(options.writer, () => options.registry.takeUnsaved(), {
      acknowledge: (tokens, count) => {
        this.counters.acknowledged += count;
        this.receiver?.acknowledge(tokens, count);
      },
      committed: (commit, messages) => {
        this.counters.committed += messages;
        this.onApplied.emit(commit);
      },
      rejected: (error) => this.#takeBack(error),
    });
  }

  set topicPrefix(prefix: string) {
    this.#routes = new Routes(prefix, this.#options.registry);
  }

  message(topic: string, payload: Uint8Array, receivedAt: number, delivery: number, token: number): void {
    const { counters } = this;
    counters.received++;
    counters.bytes += payload.length;
    this.lastReceived = receivedAt;
    const route = this.#routes.find(topic, receivedAt);
    if (typeof route === 'string') {
      counters.unrouted++;
      this.lastUnrouted = ROUTE_REFUSALS[route];
      this.samples.add(OTHER_TOPICS, topic, ROUTE_REFUSALS[route], payload, receivedAt);
      if (token > 0) this.queue.addToken(token);
      return;
    }
    const { unit, suffix } = route;
    unit.lastReceived = receivedAt;
    if (suffix === 'aws') {
      this.onThings.emit({ unit, detail: route.detail, payload });
      if (token > 0) this.queue.addToken(token);
      return;
    }
    this.tap?.(unit, suffix, payload, receivedAt);
    const message = this.#options.processor.process(unit.context, suffix, payload, receivedAt, delivery, route.detail);
    this.#options.state.apply(unit.slot, message);
    if (message.kind === 'rejected') {
      counters.rejected++;
      this.samples.add(unit.deviceId, topic, message.reason === undefined ? '' : REJECT_REASONS[message.reason], payload, receivedAt);
    } else {
      this.#count(message.quality);
      if ((message.quality & DELAYED) === 0 && (message.kind === 'can' || message.kind === 'sig')) this.#options.observeClock?.(unit.deviceId, message.deviceTime, receivedAt);
      if (message.numbered && !unit.watched && unit.context.sequence.broken) {
        unit.watched = true;
        this.broken.push(unit);
      }
      if (message.ack !== undefined) this.onAck.emit({ unit, ack: message.ack });
      if ((message.quality & QUALITY.duplicate) === 0 && this.onDecoded.size > 0) this.onDecoded.emit({ unit, message });
      if ((message.quality & NOT_STORED) === 0 && !this.#store(route, message, payload, token > 0)) return;
    }
    if (token > 0) this.queue.addToken(token);
  }

  skipped(topic: string, reason: SkipReason, length: number, receivedAt: number, token: number): void {
    const { counters } = this;
    counters.received++;
    counters.bytes += length;
    counters.rejected++;
    counters.skipped++;
    this.lastReceived = receivedAt;
    this.lastSkipped = `${topic}: ${REJECT_REASONS[reason]}`;
    const route = this.#routes.find(topic, receivedAt);
    if (typeof route !== 'string') {
      const { unit, suffix } = route;
      unit.lastReceived = receivedAt;
      unit.context.reject(reason, suffix, NOTHING, receivedAt, length);
    }
    this.samples.add(typeof route === 'string' ? OTHER_TOPICS : route.unit.deviceId, topic, REJECT_REASONS[reason], NOTHING, receivedAt, length);
    if (token > 0) this.queue.addToken(token);
  }

  settled(): void {
    this.queue.flush(GATHER);
    this.afterRound();
  }

  #count(quality: number): void {
    if (quality === 0) return;
    if ((quality & QUALITY.duplicate) !== 0) this.counters.duplicates++;
    if ((quality & QUALITY.buffered) !== 0) this.counters.buffered++;
    if ((quality & QUALITY.retained) !== 0) this.counters.retained++;
  }

  /** Puts the message's rows into the current batch, all into one. False: it was not stored and must not be acknowledged. */
  #store(route: Route, message: DecodedMessage, payload: Uint8Array, wanted: boolean): boolean {
    const { queue } = this;
    if (queue.exhausted) return this.#shed(route, message, wanted);
    const detail = detailBytes(route.suffix, route.detail);
    const payloadBytes = payload.length + (detail ? detail.length + 1 : 0);
    // More rows than a batch has (a message over more than a quarter of an hour): the newest; the payload has them all.
    const from = Math.max(0, message.rowCount - queue.current.batch.sizes.capacity);
    const rows = Math.max(1, message.rowCount - from);
    const batch = queue.room(rows, message.count, textBytesOf(message.texts), payloadBytes);
    for (let row = 0; row < rows; row++) {
      const alarm = this.#select(route.unit, message, from + row, batch);
      if (row === 0 && rows === 1 && !alarm && (queue.full || (this.shedding && !wanted && isDroppable(route.suffix)))) return this.#shed(route, message, wanted);
      const i = batch.count;
      batch.valueEnd[i] = this.#valueEnd;
      batch.textEnd[i] = from + row >= message.rowCount - 1 ? batch.writeTexts(message.texts, batch.textAt) : batch.textAt;
      batch.payloadEnd[i] = row === 0 ? writePayload(batch, detail, payload) : batch.payloadAt;
      const time = message.rowCount === 0 ? message.eventTime : (message.rowTime[from + row] as number);
      batch.time[i] = time;
      batch.deviceTime[i] = message.deviceTime - (message.eventTime - time);
      batch.received[i] = message.receivedAt;
      batch.unit[i] = route.unit.number;
      batch.boot[i] = message.boot;
      batch.number[i] = message.numbered ? message.seq : message.hash;
      batch.suffix[i] = codeOfSuffix(route.suffix);
      batch.flags[i] = rowFlags(message, row, alarm);
      batch.count = i + 1;
    }
    this.counters.rows += rows;
    return true;
  }

  /** Copies what of a row has to be stored behind the batch's values (to #valueEnd); returns whether it carries a fault or alarm. */
  #select(unit: IngestUnit, message: DecodedMessage, row: number, batch: Batch): boolean {
    const { storage } = this.#options;
    const { stored } = this;
    let at = batch.valueAt;
    let alarm = message.kind === 'evt' || message.kind === 'dtc';
    if (row < message.rowCount) {
      const { parameters, values, rowStart } = message;
      const { parameters: storedParameters, values: storedValues } = batch;
      const time = message.rowTime[row] as number;
      const current = stored.begin(unit.number, time);
      const from = rowStart[row] as number;
      const to = rowStart[row + 1] as number;
      const begin = at;
      const second = secondOf(time);
      for (let i = from; i < to; i++) {
        const parameter = parameters[i] as number;
        const value = values[i] as number;
        if (current && !stored.accept(unit.number, parameter, value, second)) continue;
        storedParameters[at] = parameter;
        storedValues[at++] = value;
        if (storage.alarm[parameter] === 1 && value !== 0) alarm = true;
      }
      this.counters.values += to - from;
      this.counters.storedValues += at - begin;
    }
    this.#valueEnd = at;
    return alarm;
  }

  /** The message is shown and not stored; true where nobody waits for its acknowledgement. */
  #shed(route: Route, message: DecodedMessage, wanted: boolean): boolean {
    this.stored.reset(route.unit.number);
    this.#forget(route.unit, message);
    if (wanted) return false;
    this.counters.shed++;
    return true;
  }

  #forget(unit: IngestUnit, message: DecodedMessage): void {
    if (message.numbered) unit.context.sequence.forget(message.boot, message.seq, message.receivedAt);
  }

  /** What a refused batch held has not been seen after all: it may come again. */
  #takeBack(error: Error): void {
    if (error instanceof BatchRejection) {
      this.counters.refusedMessages += error.batch.count;
      forgetRows(error.batch, this.#options.registry);
    }
    this.onRefused.emit(error);
  }
}

/** Telemetry that the next message replaces. Events, trouble codes, states and answers are none. */
function isDroppable(suffix: TopicSuffix): boolean {
  return suffix === 'can' || suffix === 'sig' || suffix === 'stat' || suffix === 'wican-can' || suffix === 'ovms-metric';
}

function rowFlags(message: DecodedMessage, row: number, alarm: boolean): number {
  const { quality } = message;
  return (
    quality | (row === 0 ? 0 : ROW_FLAG.continued) | (message.numbered ? 0 : ROW_FLAG.hashed) | (alarm ? ROW_FLAG.alarm : 0) | ((quality & QUALITY.unsure) !== 0 ? ROW_FLAG.unsure : 0)
  );
}

function forgetRows(batch: Batch, registry: UnitRegistry): void {
  for (let i = 0; i < batch.count; i++) {
    if (((batch.flags[i] as number) & (ROW_FLAG.hashed | ROW_FLAG.continued)) !== 0) continue;
    registry.byNumber(batch.unit[i] as number)?.context.sequence.forget(batch.boot[i] as number, batch.number[i] as number, batch.received[i] as number);
  }
}
