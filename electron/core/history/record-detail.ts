import type { OutputOf } from '#shared/contract/index.ts';
import { createHead, FRAME, FrameBatch, readCan, readOvmsMetric, readSignals, readWicanFrames, resetHead, SignalBatch, type TopicSuffix } from '#shared/domain/telemetry/adapters/index.ts';
import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { createDecoder, type Decoder } from '#shared/domain/telemetry/decode/decoder.ts';
import { inspectFrame } from '#shared/domain/telemetry/decode/inspect.ts';
import { REJECT_REASONS } from '#shared/domain/telemetry/envelope/index.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { VehicleModelRow } from '#shared/resources/vehicle-model.ts';
import { inflateRaw } from '#shared/platform-node/inflate.ts';
import type { DbcLibrary } from '../app/dbc-library.ts';
import type { IngestUnit } from '../ingest/unit-registry.ts';
import type { BoundUnit } from '../live/directory-port.ts';
import type { RecordHistory } from './ports.ts';

type Detail = OutputOf<'datalog.record'>;
type DetailFrame = Detail['frames'][number];

export interface RecordDetailServices {
  readonly history: RecordHistory;
  readonly library: DbcLibrary;
  readonly catalogue: ParameterCatalogue;
  boundUnits(vehicleId: string): readonly BoundUnit[];
  unit(unitId: string): IngestUnit | undefined;
  modelOf(vehicleId: string): VehicleModelRow | undefined;
}

/** Frames and bytes shown of one record; a batch has at most some hundreds. */
const FRAMES_SHOWN = 600;
const BYTES_SHOWN = 16_384;
/** A message's further rows stand behind its first in the log; it has at most so many. */
const ROWS_OF_MESSAGE = 64;

/** Everything known of one record. Throws AppError not-found for one that is not this vehicle's. */
export async function readRecordDetail(services: RecordDetailServices, vehicleId: string, record: { readonly sequence: number; readonly time: number }): Promise<Detail> {
  const { history } = services;
  const bound = services.boundUnits(vehicleId).find(({ from, to }) => record.time >= from && record.time < to);
  const unit = bound && services.unit(bound.unitId);
  const page = bound && (await history.rows({ unitId: bound.unitId, from: record.time, to: record.time, limit: 500 }));
  if (!unit || !page?.rows.some(({ sequence }) => sequence === record.sequence)) throw new AppError('not-found', 'This record is not there any more, or it is another vehicle’s.');
  const found = await payloadOf(history, record.sequence);
  if (!found) return { deviceId: unit.deviceId, frames: [], frameCount: 0, values: [] };
  const raw = rawText(found.suffix, found.detail, found.payload);
  return { deviceId: unit.deviceId, raw, ...decoded(services, unit, services.modelOf(vehicleId), found, record.time) };
}

async function payloadOf(history: RecordHistory, sequence: number): ReturnType<RecordHistory['payload']> {
  for (let back = 0; back < ROWS_OF_MESSAGE && sequence - back > 0; back++) {
    const found = await history.payload(sequence - back);
    if (found) return found;
  }
  return undefined;
}

function rawText(suffix: TopicSuffix, detail: string, payload: Uint8Array): NonNullable<Detail['raw']> {
  const shown = payload.subarray(0, BYTES_SHOWN);
  const isText = shown.every((byte) => byte >= 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
  return { topic: detail === '' ? suffix : `${suffix}/${detail}`, bytes: payload.length, hex: Buffer.from(shown).toString('hex'), text: isText ? Buffer.from(shown).toString('utf8') : '', cut: shown.length < payload.length };
}

type Decoded = Pick<Detail, 'frames' | 'frameCount' | 'values' | 'problem'>;

function decoded(services: RecordDetailServices, unit: IngestUnit, model: VehicleModelRow | undefined, { suffix, detail, payload }: { suffix: TopicSuffix; detail: string; payload: Uint8Array }, at: number): Decoded {
  const head = createHead();
  resetHead(head);
  switch (suffix) {
    case 'can':
    case 'wican-can': {
      const frames = new FrameBatch();
      const refused = suffix === 'can' ? readCan(unit.context.profile, payload, inflateRaw, head, frames) : readWicanFrames(payload, frames);
      if (refused !== undefined) return { frames: [], frameCount: 0, values: [], problem: REJECT_REASONS[refused] };
      return { frames: explain(services, unit, model, frames, at), frameCount: frames.count, values: [] };
    }
    case 'sig':
    case 'ovms-metric': {
      const signals = new SignalBatch();
      const refused = suffix === 'sig' ? readSignals(payload, services.catalogue, head, signals) : readOvmsMetric(payload, detail, services.catalogue, signals);
      if (refused !== undefined) return { frames: [], frameCount: 0, values: [], problem: REJECT_REASONS[refused] };
      return { frames: [], frameCount: 0, values: Array.from({ length: signals.count }, (_, i) => ({ offset: signals.dt[i] as number, parameter: signals.parameter[i] as number, value: signals.value[i] as number })) };
    }
    default:
      return { frames: [], frameCount: 0, values: [] };
  }
}

/** Each frame with what the file says that is assigned to its bus for the record's time. */
function explain(services: RecordDetailServices, unit: IngestUnit, model: VehicleModelRow | undefined, batch: FrameBatch, at: number): DetailFrame[] {
  const { library, catalogue } = services;
  const buses = new Map<number, { readonly decoder: Decoder; readonly dbc: string; numberOf(message: string, signal: string): number } | undefined>();
  const busOf = (bus: number) => {
    if (!buses.has(bus)) {
      const named = unit.context.meta?.buses.find((entry) => entry.bus === bus)?.dbc;
      const assigned = library.assigned({ model, bus, named, software: unit.context.software, at });
      const parsed = assigned && library.parsed(assigned.hash);
      const map = assigned && library.mapOf(assigned.hash, assigned.signalMap);
      const keys = new Map(map?.signals.map((entry) => [`${entry.message}.${entry.signal}`, entry.parameter]));
      buses.set(bus, parsed && {
        decoder: createDecoder(parsed.database, { mode: 'interpreted' }), dbc: library.file(assigned.hash)?.fileName ?? assigned.hash,
        numberOf: (message, signal) => catalogue.numberOf(map ? (keys.get(`${message}.${signal}`) ?? '') : signal),
      });
    }
    return buses.get(bus);
  };
  return Array.from({ length: Math.min(batch.count, FRAMES_SHOWN) }, (_, i): DetailFrame => {
    const begin = batch.at[i] as number;
    const data = batch.bytes.slice(begin, begin + (batch.length[i] as number));
    const bus = batch.bus[i] as number;
    const id = batch.id[i] as number;
    const extended = ((batch.flags[i] as number) & FRAME.extended) !== 0;
    const known = busOf(bus);
    const told = known && inspectFrame(known.decoder, id, extended, data);
    return {
      offset: batch.dt[i] as number, bus, id, extended, hex: Buffer.from(data).toString('hex'),
      ...(told ? { message: told.message.message.name, dbc: known.dbc } : {}),
      signals: (told?.signals ?? []).filter(({ value }) => Number.isFinite(value)).map(({ signal, value, label }) => {
        const parameter = known?.numberOf(signal.messageName, signal.name) ?? 0;
        return { name: signal.name, value, unit: signal.unit, ...(label === undefined ? {} : { label }), ...(parameter === 0 ? {} : { parameter }) };
      }),
    };
  });
}
