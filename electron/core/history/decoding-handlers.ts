import type { AppContract, ItemOf } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { DECODING_RUNS, decodingRuns, type DecodingRun } from '#shared/domain/history/decoding-run.ts';
import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { disposable } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import { uuidv7 } from '#shared/kernel/ids.ts';
import type { Clock, Log, Rng } from '#shared/kernel/ports.ts';
import { setting } from '#shared/resources/setting.ts';
import type { VehicleModelRow } from '#shared/resources/vehicle-model.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import { settingId } from '#shared/sync/mutators/setting.ts';
import type { DbcLibrary } from '../app/dbc-library.ts';
import type { IngestUnit } from '../ingest/unit-registry.ts';
import type { DirectoryEntry } from '../live/directory-port.ts';
import type { LiveFleet } from '../live/live-fleet.ts';
import type { Operations } from '../store/operations/operations.ts';
import { checkRange } from './handlers.ts';
import { Redecoding, type RawHistory, type UnitRange } from './redecode.ts';

export interface DecodingServices {
  readonly fleet: LiveFleet;
  readonly history: RawHistory;
  readonly library: DbcLibrary;
  readonly catalogue: ParameterCatalogue;
  readonly operations: Operations;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  unit(unitId: string): IngestUnit | undefined;
  model(modelId: string): VehicleModelRow | undefined;
}

type Progress = ItemOf<'decoding.run'>;
type DecodingInput = { readonly vehicleId: string; readonly from: number; readonly to: number; readonly bus: number; readonly hash: string; readonly signalMap?: string | undefined; readonly apply: boolean };

/** Handlers for decoding stored records again; one run at a time. */
export function decodingHandlers(services: DecodingServices): Pick<Handlers<AppContract, Principal>, 'decoding.run' | 'decoding.list'> {
  const { fleet, library, operations, catalogue, clock } = services;
  let busy = false;

  function visible(principal: Principal, vehicleId: string): DirectoryEntry {
    const found = fleet.find(principal, vehicleId);
    if (!found) throw new AppError('not-found', 'There is no such vehicle, or it is not among those you may see.');
    return found.entry;
  }
  function rangesOf(vehicleId: string, from: number, to: number): UnitRange[] {
    return fleet.directory.boundUnits(vehicleId).flatMap((bound) => {
      const unit = services.unit(bound.unitId);
      const range = { from: Math.max(from, bound.from), to: Math.min(to, bound.to - 1) };
      return unit && range.from <= range.to ? [{ unit, ...range }] : [];
    });
  }

  async function run(principal: Principal, entry: DirectoryEntry, input: DecodingInput, signal: { aborted: boolean }, tell: (item: Progress) => void): Promise<void> {
    const binding = library.binding(input.hash, input.signalMap);
    const file = library.file(input.hash);
    if (!binding || !file) throw new AppError('not-found', 'This DBC file is not at hand.');
    const model = entry.modelId === undefined ? undefined : services.model(entry.modelId);
    const redecoding = new Redecoding(services.history, catalogue, (unit, bus, named) =>
      bus === input.bus ? binding : library.resolve({ model, bus, named, software: undefined, at: input.from }));
    const ranges = rangesOf(entry.vehicleId, input.from, input.to);
    const passes = input.apply ? 2 : 1;
    const report = (state: Progress['state'], share: number): void => tell({
      state, share, records: redecoding.records, rewritten: redecoding.rewritten, missing: redecoding.missing,
      changes: [...redecoding.changes.values()].map((change) => ({ ...change, examples: change.examples.map((example) => ({ ...example })) })),
    });
    const progress = (pass: number, state: Progress['state']) => (time: number): boolean => {
      report(state, (pass + (time - input.from) / (input.to - input.from)) / passes);
      return signal.aborted;
    };
    for (const range of ranges) if (!signal.aborted) await redecoding.compare(range, progress(0, 'reading'));
    const affected = redecoding.affected();
    const { records } = redecoding;
    if (signal.aborted) return;
    if (!input.apply || affected.size === 0) return report('ready', 1);
    const note: DecodingRun = {
      id: uuidv7(clock, services.rng), startedAt: clock.now(), state: 'running', vehicleId: entry.vehicleId, vin: entry.vin, from: input.from, to: input.to, bus: input.bus, hash: input.hash, fileName: file.fileName, records, rewritten: 0,
    };
    await operations.mutate(principal, 'decoding.note', { run: note });
    let state: DecodingRun['state'] = 'failed';
    try {
      for (const range of ranges) if (!signal.aborted) await redecoding.apply(range, affected, progress(1, 'writing'));
      state = signal.aborted ? 'cancelled' : 'done';
    } finally {
      redecoding.records = records;
      await operations.mutate(principal, 'decoding.note', { run: { ...note, state, rewritten: redecoding.rewritten } });
    }
    report('ready', 1);
  }

  return {
    'decoding.run': (input, context, sink) => {
      checkRange(input);
      const principal = principalOf(context);
      const entry = visible(principal, input.vehicleId);
      if (busy) throw new AppError('unavailable', 'Records are being decoded again already. Try again when that is done.');
      busy = true;
      const signal = { aborted: false };
      run(principal, entry, input, signal, (item) => sink.push(item))
        .then(() => sink.end(), (error: unknown) => (signal.aborted ? services.log.write('warn', 'Decoding again ended after it was cancelled.', { error }) : sink.fail(error)))
        .finally(() => (busy = false));
      return disposable(() => (signal.aborted = true));
    },

    'decoding.list': ({ vehicleId }, context) => {
      const entry = visible(principalOf(context), vehicleId);
      const model = entry.modelId === undefined ? undefined : services.model(entry.modelId);
      const unit = entry.unitId === undefined ? undefined : services.unit(entry.unitId);
      const buses = new Map<number, { bus: number; name?: string; fileName?: string }>();
      for (const { bus, name, dbc } of unit?.context.meta?.buses ?? []) {
        const assigned = library.assigned({ model, bus, named: dbc, software: unit?.context.software, at: clock.now() });
        const fileName = assigned && library.file(assigned.hash)?.fileName;
        buses.set(bus, { bus, ...(name === undefined || name === '' ? {} : { name }), ...(fileName === undefined ? {} : { fileName }) });
      }
      for (const { bus, fileName } of model?.dbc ?? []) if (!buses.has(bus)) buses.set(bus, { bus, fileName });
      if (buses.size === 0) buses.set(0, { bus: 0 });
      const known = decodingRuns.safeParse(operations.read.get(setting, settingId(DECODING_RUNS))?.value).data ?? [];
      return {
        runs: known.filter((one) => one.vehicleId === entry.vehicleId).reverse(),
        files: library.files().map(({ hash, fileName, row }) => ({ hash, fileName, ...(row === undefined ? {} : { addedAt: row.createdAt }) })),
        signalMaps: library.maps().map(({ name }) => name),
        buses: [...buses.values()],
      };
    },
  };
}
