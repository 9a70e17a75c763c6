import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { createHead, FRAME, FrameBatch, readCan, readWicanFrames, resetHead, type TopicSuffix } from '#shared/domain/telemetry/adapters/index.ts';
import { createDecoder, type Decoder } from '#shared/domain/telemetry/decode/decoder.ts';
import { inspectFrame } from '#shared/domain/telemetry/decode/inspect.ts';
import { AppError } from '#shared/kernel/error.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import type { OutputOf } from '#shared/contract/index.ts';
import { inflateRaw } from '#shared/platform-node/inflate.ts';
import type { DbcLibrary } from '../app/dbc-library.ts';
import type { Ingest } from '../ingest/create-ingest.ts';
import { suffixOfCode } from '../ingest/suffix-codes.ts';
import type { IngestUnit } from '../ingest/unit-registry.ts';
import { ROW_FLAG } from '../store/telemetry/batch.ts';
import type { FleetDirectory } from '../store/operations/directory/directory.ts';
import { present } from './rows.ts';

/** A point's message is looked for this far around it, ms. */
const AROUND = 60_000;
/** Rows that may follow the first of a message. */
const FOLLOWING = 900;
const ROWS = 500;

type Frames = OutputOf<'alerts.frames'>['records'][number]['frames'];

export interface FrameServices {
  readonly ingest: Pick<Ingest, 'store' | 'registry'>;
  readonly directory: FleetDirectory;
  readonly library: DbcLibrary;
  readonly vehicleVisible: (principal: Principal, vehicleId: string) => boolean;
}

/** The stored message behind a point of a graph, with its frames decoded as the vehicle's model says for that time. */
export function alertFrameHandlers({ ingest, directory, library, vehicleVisible }: FrameServices): Pick<Handlers<AppContract, Principal>, 'alerts.frames'> {
  const decoders = new Map<string, Decoder>();

  function decoderOf(unit: IngestUnit, modelId: string | undefined, bus: number, at: number): Decoder | undefined {
    const named = unit.context.meta?.buses.find((entry) => entry.bus === bus)?.dbc;
    const assigned = library.assigned({ model: modelId === undefined ? undefined : directory.model(modelId), bus, named, software: unit.context.software, at });
    if (!assigned) return undefined;
    const known = decoders.get(assigned.hash);
    if (known) return known;
    const parsed = library.parsed(assigned.hash);
    if (!parsed) return undefined;
    const decoder = createDecoder(parsed.database);
    decoders.set(assigned.hash, decoder);
    return decoder;
  }

  function framesOf(unit: IngestUnit, modelId: string | undefined, suffix: TopicSuffix | undefined, payload: Uint8Array, at: number): Frames {
    const frames = new FrameBatch();
    const head = createHead();
    resetHead(head);
    const refused = suffix === 'can' ? readCan(unit.context.profile, payload, inflateRaw, head, frames) : suffix === 'wican-can' ? readWicanFrames(payload, frames) : 'none';
    if (refused !== undefined) return [];
    const begin = Number.isFinite(head.time) ? head.time : at;
    return Array.from({ length: frames.count }, (_, i) => {
      const from = frames.at[i] as number;
      const data = frames.bytes.slice(from, from + (frames.length[i] as number));
      const id = frames.id[i] as number;
      const bus = frames.bus[i] as number;
      const extended = ((frames.flags[i] as number) & FRAME.extended) !== 0;
      const decoder = decoderOf(unit, modelId, bus, at);
      const found = decoder && inspectFrame(decoder, id, extended, data);
      return present({
        time: begin + (frames.dt[i] as number) / 1000,
        bus, id, extended,
        data: Buffer.from(data).toString('hex'),
        message: found?.message.message.name,
        signals: found?.signals.map(({ signal, value, label }) => present({ name: signal.name, value, unit: signal.unit, text: label })) ?? [],
      });
    });
  }

  return {
    'alerts.frames': async ({ vehicleId, parameter, at }, context) => {
      if (!vehicleVisible(principalOf(context), vehicleId)) throw new AppError('not-found', 'There is no such vehicle, or it is not among those you may see.');
      const bindings = directory.bindingsOf(vehicleId);
      const binding = bindings.findLast((one) => one.validFrom <= at && (one.validTo ?? Number.POSITIVE_INFINITY) > at) ?? bindings[0];
      const unit = binding && ingest.registry.byUnitId(binding.unitId);
      if (!unit) return { records: [] };
      const page = await ingest.store.rows({ unit: unit.number, from: at - AROUND, to: at + AROUND, parameters: [parameter], limit: ROWS });
      const [row] = [...page.rows].sort((a, b) => Math.abs(a.time - at) - Math.abs(b.time - at) || b.sequence - a.sequence);
      if (!row) return { records: [] };
      let { sequence } = row;
      let raw = await ingest.store.raw(sequence);
      // A message over a long time is several rows; its payload is with the first.
      for (let back = 0; !raw && (row.flags & ROW_FLAG.continued) !== 0 && back < FOLLOWING && sequence > 1; back++) raw = await ingest.store.raw(--sequence);
      if (!raw) return { records: [] };
      const suffix = suffixOfCode(raw.suffix);
      const { modelId } = directory.vehicle(vehicleId) ?? {};
      return { records: [{ time: row.time, receivedAt: row.received, topic: suffix ?? '', payload: textOf(raw.payload), frames: framesOf(unit, modelId, suffix, raw.payload, row.time) }] };
    },
  };
}

/** A payload as a person reads it: JSON as it is, other bytes in hex. */
function textOf(payload: Uint8Array): string {
  return payload[0] === 0x7b || payload[0] === 0x5b ? new TextDecoder().decode(payload) : Buffer.from(payload).toString('hex');
}
