import { FrameBatch, SignalBatch, createHead, readAck, readCan, readEvent, readMeta, readOvmsMetric, readSignals, readState, readStatistics, readTroubleCodes, readWicanFrames, readWicanStatus, resetHead, type TopicSuffix } from '../adapters/index.ts';
import { foldSkew, placeInTime, rebuildTime, skewOf, type Placement } from '../clock/index.ts';
import { DELIVERY, LIMITS, QUALITY, type MessageKind, type MetaContent, type RejectReason } from '../envelope/index.ts';
import { payloadHash } from '../sequence/index.ts';
import { addMetaValues, addStatisticsValues } from './content.ts';
import { createDecodedMessage, resetDecodedMessage, type DecodedMessage } from './decoded-message.ts';
import { FrameDecoding } from './frame-decoding.ts';
import { createParameterTable } from './limits-table.ts';
import { RowBuilder } from './row-builder.ts';
import type { Processor, ProcessorOptions } from './types.ts';
import type { UnitContext } from './unit.ts';

/** Which adapter read the message, and so where its values are. */
type Source = 'frames' | 'signals' | 'nothing';

/** A processor with its own reused message and buffers: one per thread is enough, several do not disturb each other. */
export function createProcessor(options: ProcessorOptions): Processor {
  return new MessageProcessor(options);
}

class MessageProcessor implements Processor {
  readonly #options: ProcessorOptions;
  readonly #message: DecodedMessage = createDecodedMessage();
  readonly #head = createHead();
  readonly #frames = new FrameBatch();
  readonly #signals = new SignalBatch();
  readonly #rows: RowBuilder;
  readonly #decoding: FrameDecoding;
  readonly #placement: Placement = { time: 0, quality: 0 };
  #source: Source = 'nothing';
  /** Of the message's newest value. */
  #offset = 0;

  constructor(options: ProcessorOptions) {
    this.#options = options;
    const table = createParameterTable(options.catalogue);
    this.#rows = new RowBuilder(table, this.#message);
    this.#decoding = new FrameDecoding(options.resolveBus, table, this.#rows);
  }

  process(unit: UnitContext, suffix: TopicSuffix, payload: Uint8Array, receivedAt: number, delivery = 0, detail = ''): DecodedMessage {
    const message = this.#message;
    resetDecodedMessage(message);
    resetHead(this.#head);
    message.receivedAt = receivedAt;
    message.eventTime = receivedAt;
    const replay = (delivery & DELIVERY.replay) !== 0;
    const reason = payload.length === 0 ? 'empty' : payload.length > LIMITS.payloadBytes ? 'too-large' : this.#read(unit, suffix, payload, detail);
    if (reason !== undefined) return this.#reject(unit, suffix, payload, reason, replay);
    this.#fillEnvelope(delivery);
    const known = !replay && this.#isDuplicate(unit, payload);
    this.#place(unit);
    if (known) message.quality |= QUALITY.duplicate;
    else this.#fillValues(unit);
    if (message.meta !== undefined && !known) this.#takeMeta(unit);
    if (!replay) this.#count(unit);
    return message;
  }

  /** Runs the adapter of the suffix; on success `kind`, contents and `#source` are set. */
  #read(unit: UnitContext, suffix: TopicSuffix, payload: Uint8Array, detail: string): RejectReason | undefined {
    const message = this.#message;
    const head = this.#head;
    this.#source = 'nothing';
    switch (suffix) {
      case 'can':
        return this.#opened('can', 'frames', readCan(unit.profile, payload, this.#options.inflate, this.#head, this.#frames));
      case 'wican-can':
        return this.#opened('can', 'frames', readWicanFrames(payload, this.#frames));
      case 'sig':
        return this.#opened('sig', 'signals', readSignals(payload, this.#options.catalogue, head, this.#signals));
      case 'ovms-metric':
        return this.#opened('sig', 'signals', readOvmsMetric(payload, detail, this.#options.catalogue, this.#signals));
      case 'state':
      case 'wican-status': {
        const state = suffix === 'state' ? readState(payload, head) : readWicanStatus(payload);
        if (typeof state === 'string') return state;
        message.state = state;
        return this.#opened('state', 'nothing', undefined);
      }
      case 'meta': {
        const meta = readMeta(payload, head);
        if (typeof meta === 'string') return meta;
        message.meta = meta;
        addMetaValues(this.#signals, meta);
        return this.#opened('meta', 'signals', undefined);
      }
      case 'stat': {
        const statistics = readStatistics(payload, head);
        if (typeof statistics === 'string') return statistics;
        message.statistics = statistics;
        addStatisticsValues(this.#signals, statistics);
        return this.#opened('stat', 'signals', undefined);
      }
      case 'dtc': {
        const codes = readTroubleCodes(payload, head);
        if (typeof codes === 'string') return codes;
        message.troubleCodes = codes;
        return this.#opened('dtc', 'nothing', undefined);
      }
      case 'evt': {
        const event = readEvent(payload, head);
        if (typeof event === 'string') return event;
        message.event = event;
        return this.#opened('evt', 'nothing', undefined);
      }
      case 'ack': {
        const ack = readAck(payload, detail, head);
        if (typeof ack === 'string') return ack;
        message.ack = ack;
        return this.#opened('ack', 'nothing', undefined);
      }
      default:
        return 'unknown-suffix';
    }
  }

  #opened(kind: MessageKind, source: Source, reason: RejectReason | undefined): RejectReason | undefined {
    if (reason !== undefined) return reason;
    this.#message.kind = kind;
    this.#source = source;
    return undefined;
  }

  #fillEnvelope(delivery: number): void {
    const message = this.#message;
    const head = this.#head;
    message.numbered = head.numbered;
    message.boot = head.boot;
    message.seq = head.seq;
    message.up = head.up;
    this.#offset = this.#lastOffset();
    message.deviceTime = head.time + this.#offset;
    if (head.buffered) message.quality |= QUALITY.buffered;
    if ((delivery & DELIVERY.retained) !== 0) message.quality |= QUALITY.retained;
    if ((delivery & DELIVERY.queued) !== 0) message.quality |= QUALITY.queued;
  }

  /** Milliseconds from the message's stamp to its newest value. */
  #lastOffset(): number {
    let last = 0;
    if (this.#source === 'frames') {
      const { dt, count } = this.#frames;
      for (let i = 0; i < count; i++) if ((dt[i] as number) > last) last = dt[i] as number;
      return last / 1000;
    }
    const { dt, count } = this.#signals;
    if (this.#source === 'signals') for (let i = 0; i < count; i++) if ((dt[i] as number) > last) last = dt[i] as number;
    return last;
  }

  #isDuplicate(unit: UnitContext, payload: Uint8Array): boolean {
    const message = this.#message;
    // A retained copy is sent again by design, and its number says nothing about what this console has missed.
    if ((message.quality & QUALITY.retained) !== 0) return false;
    if (message.numbered) {
      const verdict = unit.sequence.add(message.boot, message.seq, message.receivedAt);
      if (verdict === 'unsure') message.quality |= QUALITY.unsure;
      return verdict === 'duplicate';
    }
    if (message.kind === 'state' || message.kind === 'meta') return false;
    message.hash = payloadHash(payload);
    return unit.recent.add(message.deviceTime, message.hash) === 'duplicate';
  }

  #place(unit: UnitContext): void {
    const message = this.#message;
    // The broker's copy of these is what holds now: their order is that of reception.
    if (message.kind === 'state' || message.kind === 'meta') return;
    const { deviceTime, receivedAt } = message;
    const delayed = (message.quality & (QUALITY.buffered | QUALITY.queued | QUALITY.retained)) !== 0;
    const placement = this.#placement;
    placeInTime(deviceTime, receivedAt, delayed, placement);
    message.quality |= placement.quality;
    message.eventTime = placement.time;
    if (!delayed) {
      if (deviceTime === deviceTime) foldSkew(unit.skew, 0, receivedAt - ((placement.quality & QUALITY.rollover) !== 0 ? placement.time : deviceTime), receivedAt);
      if (message.numbered && message.up === message.up) unit.sequence.anchor(message.boot, message.up, receivedAt);
    }
    if ((placement.quality & QUALITY.quarantined) !== 0) {
      const rebuilt = rebuildTime(deviceTime, message.up, receivedAt, unit.sequence.bootStart(message.boot), skewOf(unit.skew, 0));
      if (rebuilt === rebuilt) {
        message.eventTime = rebuilt;
        message.quality = (message.quality & ~QUALITY.quarantined) | QUALITY.rebuilt;
      }
    }
  }

  /** Builds the rows and turns their offsets into event times that end at the message's. */
  #fillValues(unit: UnitContext): void {
    const message = this.#message;
    const rows = this.#rows;
    rows.begin();
    if (this.#source === 'frames') this.#decoding.decode(unit, this.#frames, message);
    else if (this.#source === 'signals') this.#fillSignals();
    const begin = message.eventTime - this.#offset;
    for (let row = 0; row < message.rowCount; row++) message.rowTime[row] = begin + (message.rowTime[row] as number);
  }

  #fillSignals(): void {
    const message = this.#message;
    const signals = this.#signals;
    const rows = this.#rows;
    message.texts = signals.texts;
    message.unknownNames = signals.unknownNames;
    message.invalidValues = signals.invalidValues;
    for (let i = 0; i < signals.count; i++) {
      rows.at(signals.dt[i] as number, 1);
      if (!rows.set(signals.parameter[i] as number, signals.value[i] as number)) message.invalidValues++;
    }
    rows.close();
  }

  #takeMeta(unit: UnitContext): void {
    const { meta } = this.#message;
    const before = bindingFacts(unit.meta);
    unit.meta = meta;
    if (before !== bindingFacts(meta)) unit.forgetBindings();
  }

  #count(unit: UnitContext): void {
    const message = this.#message;
    const { counters } = unit;
    const { quality } = message;
    counters.messages++;
    if ((quality & QUALITY.duplicate) !== 0) counters.duplicates++;
    if ((quality & QUALITY.buffered) !== 0) counters.buffered++;
    if ((quality & QUALITY.quarantined) !== 0) counters.quarantined++;
    if ((quality & QUALITY.clockWrong) !== 0) counters.clockWrong++;
    if ((quality & QUALITY.fixRejected) !== 0) counters.fixesRejected++;
    if ((quality & QUALITY.zeroRow) !== 0) counters.zeroRows++;
    counters.frames += message.frames;
    counters.unknownFrames += message.unknownFrames;
    counters.lengthMismatches += message.lengthMismatches;
    counters.invalidValues += message.invalidValues;
    counters.unknownNames += message.unknownNames;
  }

  #reject(unit: UnitContext, suffix: TopicSuffix, payload: Uint8Array, reason: RejectReason, replay: boolean): DecodedMessage {
    const message = this.#message;
    message.kind = 'rejected';
    message.reason = reason;
    if (!replay) unit.reject(reason, suffix, payload, message.receivedAt);
    return message;
  }
}

/** What of a unit's meta decides how its buses are decoded. */
function bindingFacts(meta: MetaContent | undefined): string | undefined {
  return meta && `${meta.firmware ?? ''} ${meta.buses.map((bus) => `${bus.bus}:${bus.dbc ?? ''}`).join()}`;
}
