import type { DbcLibrary } from '#core/app/dbc-library.ts';
import type { Exchange } from '#core/exchange/exchange.ts';
import type { IngestUnit, UnitRegistry } from '#core/ingest/unit-registry.ts';
import type { FleetDirectory } from '#core/store/operations/directory/directory.ts';
import type { AppContract } from '#shared/contract/index.ts';
import { inScope, type Principal } from '#shared/domain/access/principal.ts';
import type { DirectoryEntry } from '#shared/domain/fleet/directory.ts';
import { uuidv7 } from '#shared/kernel/ids.ts';
import { disposable, DisposableStore } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock, Rng, Scheduler } from '#shared/kernel/ports.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import type { FrameTaps } from './frame-taps.ts';
import { Recording } from './recording.ts';
import { TraceBuffer } from './trace-buffer.ts';

/** A window gets frames at most this often, ms. */
const TRACE_PERIOD = 100;
/** Recordings of all windows together. */
const RECORDINGS = 8;
const BUSES = 16;
const LOG_TYPE = 'text/plain; charset=us-ascii';

export interface CanServices {
  readonly registry: UnitRegistry;
  readonly directory: FleetDirectory;
  readonly library: DbcLibrary;
  readonly taps: FrameTaps;
  readonly exchange: Exchange;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly scheduler: Scheduler;
  readonly timeZone: string;
}

type CanKey = 'can.units' | 'can.trace' | 'can.odd' | 'can.record' | 'can.stopRecording';

/** Takes a packed frame key apart, see frameKey of the processor. */
function readFrameKey(key: number): { bus: number; id: number; extended: boolean } {
  return { bus: Math.floor(key / 1_073_741_824), extended: Math.floor(key / 536_870_912) % 2 === 1, id: key % 536_870_912 };
}

/** Handlers of the CAN bench: live trace, recordings, odd frames. */
export function canHandlers(services: CanServices): Pick<Handlers<AppContract, Principal>, CanKey> {
  const { registry, directory, library, taps, exchange, clock, rng, scheduler } = services;
  const stops = new Map<string, () => void>();

  /** Whether a principal may see a unit: one in a vehicle of its scope; one in no vehicle only who sees everything. */
  function visible(principal: Principal, vehicle: DirectoryEntry | undefined): boolean {
    return vehicle ? inScope(principal.scope, vehicle.customerId) : principal.scope === 'all';
  }

  function find(principal: Principal, deviceId: string): IngestUnit {
    const unit = registry.byDevice(deviceId);
    if (!unit || !visible(principal, directory.vehicleOfUnit(unit.unitId))) throw new AppError('not-found', 'This unit has not been heard, or it is not among those you may see.');
    return unit;
  }

  function busesOf(unit: IngestUnit, vehicle: DirectoryEntry | undefined) {
    const { context } = unit;
    const model = vehicle && directory.model(vehicle.modelId);
    return Array.from({ length: BUSES }, (_, bus) => bus).flatMap((bus) => {
      const meta = context.meta?.buses.find((entry) => entry.bus === bus);
      const bound = context.binding(bus);
      if (!meta && bound === undefined) return [];
      const found = bound ? { hash: bound.dbcHash } : library.assigned({ model, bus, named: meta?.dbc, software: context.software, at: clock.now() });
      const fileName = found && library.file(found.hash)?.fileName;
      return [{
        bus,
        ...(meta === undefined ? {} : { name: meta.name, fd: meta.fd, ...(meta.kbps === undefined ? {} : { kbps: meta.kbps }) }),
        ...(found === undefined ? {} : { dbc: { hash: found.hash, ...(fileName === undefined ? {} : { fileName }) } }),
      }];
    });
  }

  function unitRow(unit: IngestUnit) {
    const vehicle = directory.vehicleOfUnit(unit.unitId);
    const { meta, counters } = unit.context;
    const model = vehicle && directory.model(vehicle.modelId)?.name;
    return {
      deviceId: unit.deviceId,
      ...(vehicle === undefined ? {} : { vehicleId: vehicle.vehicleId, vin: vehicle.vin }),
      ...(model === undefined ? {} : { model }),
      ...(meta?.unitType === undefined ? {} : { unitType: meta.unitType }),
      ...(meta?.firmware === undefined ? {} : { firmware: meta.firmware }),
      ...(meta === undefined ? {} : { claimedModel: meta.model }),
      ...(meta?.vin === undefined ? {} : { claimedVin: meta.vin }),
      ...(Number.isNaN(unit.lastReceived) ? {} : { lastReceived: unit.lastReceived }),
      frames: counters.frames,
      unknownFrames: counters.unknownFrames,
      lengthMismatches: counters.lengthMismatches,
      buses: busesOf(unit, vehicle),
    };
  }

  return {
    'can.units': ({ search, unknownOnly, offset, limit }, context) => {
      const principal = principalOf(context);
      const wanted = search?.trim().toLowerCase() ?? '';
      const found: IngestUnit[] = [];
      for (const unit of registry.all()) {
        const vehicle = directory.vehicleOfUnit(unit.unitId);
        if (!visible(principal, vehicle) || (unknownOnly && vehicle !== undefined)) continue;
        if (wanted === '' || unit.deviceId.toLowerCase().includes(wanted) || vehicle?.vin.toLowerCase().includes(wanted) === true || unit.context.meta?.vin?.toLowerCase().includes(wanted) === true) found.push(unit);
      }
      found.sort((a, b) => (b.lastReceived || 0) - (a.lastReceived || 0) || (a.deviceId < b.deviceId ? -1 : 1));
      return { total: found.length, units: found.slice(offset, offset + limit).map(unitRow) };
    },

    'can.trace': ({ deviceId }, context, sink) => {
      find(principalOf(context), deviceId);
      const buffer = new TraceBuffer();
      const store = new DisposableStore();
      let first = true;
      store.add(taps.watch(deviceId, buffer));
      sink.source(() => {
        if (!buffer.changed && !first) return undefined;
        first = false;
        return buffer.take();
      });
      sink.ready();
      store.add(scheduler.every(TRACE_PERIOD, () => buffer.changed && sink.ready()));
      return store;
    },

    'can.odd': ({ deviceId }, context) => {
      const { context: unit } = find(principalOf(context), deviceId);
      return {
        unknown: Array.from(unit.unknownIds, ([key, frames]) => ({ ...readFrameKey(key), frames })),
        mismatched: Array.from(unit.mismatchedIds, ([key, frames]) => {
          const { bus, id, extended } = readFrameKey(key);
          const bound = unit.binding(bus);
          const message = bound ? library.parsed(bound.dbcHash)?.database.messages.find((entry) => entry.id === id && entry.extended === extended) : undefined;
          return { bus, id, extended, frames, ...(message === undefined ? {} : { message: message.name, length: message.length }) };
        }),
      };
    },

    'can.record': ({ deviceId, format }, context, sink) => {
      find(principalOf(context), deviceId);
      if (stops.size >= RECORDINGS) throw new AppError('unavailable', `${RECORDINGS} recordings run already. End one first.`);
      const recordingId = uuidv7(clock, rng);
      const recording = new Recording({ path: exchange.newFile(format), format, now: clock.now() });
      const store = new DisposableStore();
      let offered = false;
      const tell = (ready: { url: string; fileName: string } | undefined): void =>
        sink.push({ recordingId, state: ready ? 'ready' : 'recording', frames: recording.frameCount, bytes: recording.byteCount, since: recording.since, ...ready });
      const stop = async (): Promise<void> => {
        if (!stops.delete(recordingId)) return;
        store.dispose();
        try {
          await recording.finish();
        } catch (error) {
          exchange.discardFile(recording.path);
          sink.fail(new AppError('store-full', 'The recording could not be written. Make room on the disk and record again.', {}, { cause: error }));
          return;
        }
        offered = true;
        tell(exchange.offerFile({ path: recording.path, title: `CAN ${deviceId}`, extension: recording.extension, contentType: LOG_TYPE, timeZone: services.timeZone }));
        sink.end();
      };
      stops.set(recordingId, () => void stop());
      store.add(taps.watch(deviceId, recording));
      store.add(scheduler.every(500, () => (recording.ended ? void stop() : tell(undefined))));
      tell(undefined);
      return disposable(() => {
        store.dispose();
        if (offered) return;
        if (stops.delete(recordingId)) recording.discard();
        exchange.discardFile(recording.path);
      });
    },

    'can.stopRecording': ({ recordingId }) => {
      const stop = stops.get(recordingId);
      if (!stop) throw new AppError('not-found', 'This recording has ended already.');
      stop();
      return {};
    },
  };
}
