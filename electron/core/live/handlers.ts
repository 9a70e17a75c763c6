import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { VEHICLE_STATUSES } from '#shared/domain/fleet/status.ts';
import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { buildFrame } from '#shared/domain/telemetry/state/index.ts';
import { DisposableStore } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import type { FleetCells } from './cells.ts';
import type { FleetQuery } from './fleet-query.ts';
import type { LiveFleet } from './live-fleet.ts';
import { searchFleet } from './search.ts';
import { readVehicleHistory } from './vehicle-history.ts';

/** Live rows go out at most this often, ms. */
const FRAME_PERIOD = 100;
/** A frame without rows tells the time at least this often, ms. */
const HEARTBEAT = 1000;
/** The parameters of one vehicle go out at most this often, ms. */
const PARAMETER_PERIOD = 500;

/** Stored values of a unit; units are known to the history by their id. */
export interface HistoryReader {
  read(query: { readonly unitId: string; readonly parameters: readonly number[]; readonly from: number; readonly to: number; readonly maxPoints: number }): Promise<{
    readonly series: readonly { readonly parameter: number; readonly time: Float64Array; readonly value: Float64Array }[];
    readonly truncated: boolean;
  }>;
}

export interface LiveServices {
  readonly fleet: LiveFleet;
  readonly cells: FleetCells;
  readonly query: FleetQuery;
  readonly catalogue: ParameterCatalogue;
  readonly history: HistoryReader;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Called with every frame that holds the whole fleet. */
  readonly onFleetSent?: () => void;
}

type LiveKey =
  | 'fleet.directory' | 'fleet.directoryChanges' | 'fleet.live' | 'fleet.list' | 'vehicle.get' | 'vehicle.parameters' | 'mis.liveParameters' | 'vehicle.history' | 'catalogue.parameters' | 'search.global';

export type LiveHandlers = Pick<Handlers<AppContract, Principal>, LiveKey>;

const NOT_FOUND = 'There is no such vehicle, or it is not among those you may see.';

/** Handlers of the live fleet; scope is applied to every answer. */
export function liveHandlers(services: LiveServices): LiveHandlers {
  const { fleet, cells, query, catalogue, clock, scheduler } = services;
  const { state, directory } = fleet;

  function vehicle(principal: Principal, vehicleId: string): { slot: number; entry: NonNullable<ReturnType<LiveFleet['entry']>> } {
    const found = fleet.find(principal, vehicleId);
    if (!found) throw new AppError('not-found', NOT_FOUND);
    return found;
  }

  /** Follows one vehicle's values for whoever may see it. */
  const followParameters: LiveHandlers['vehicle.parameters'] = (input, context, sink) => {
    const principal = principalOf(context);
    vehicle(principal, input.vehicleId);
    let sentRevision = -1;
    let sentAsOf = -1;
    const tell = (): void => {
      const found = fleet.find(principal, input.vehicleId);
      if (!found) return sink.fail(new AppError('not-found', NOT_FOUND));
      const changed = state.columns.changed[found.slot]!;
      if (changed === sentRevision && state.asOf - sentAsOf < HEARTBEAT) return;
      sentRevision = changed;
      sentAsOf = state.asOf;
      sink.push(parametersOf(found.slot));
    };
    tell();
    return scheduler.every(PARAMETER_PERIOD, tell);
  };

  return {
    'fleet.directory': (_input, context) => {
      const principal = principalOf(context);
      // Named one by one: an entry holds more than a renderer needs, and a slot of its own.
      const vehicles = fleet.slots(principal).map((slot) => {
        const { vehicleId, vin, registration, model, modelId, telematicsId, deviceId, bmsId, motorId, customerId, customer, cityId, city, state: region, zone } = fleet.entry(slot)!;
        return { slot, vehicleId, vin, registration, model, modelId, telematicsId, deviceId, bmsId, motorId, customerId, customer, cityId, city, state: region, zone };
      });
      const customers = new Set(vehicles.map((entry) => entry.customerId));
      const cities = new Set(vehicles.map((entry) => entry.cityId));
      return {
        epoch: fleet.epoch,
        revision: fleet.revision,
        vehicles,
        cities: directory.cities().filter((city) => cities.has(city.cityId)),
        customers: directory.customers().filter((customer) => customers.has(customer.customerId)),
      };
    },

    'fleet.directoryChanges': (_input, _context, sink) => {
      const tell = (): void => sink.push({ epoch: fleet.epoch, revision: fleet.revision });
      tell();
      return fleet.onChange(tell);
    },

    'fleet.live': (_input, context, sink) => {
      const principal = principalOf(context);
      let sent = 0;
      let sentAt = Number.NEGATIVE_INFINITY;
      let directoryRevision = -1;
      const store = new DisposableStore();
      sink.source(() => {
        const full = directoryRevision !== fleet.revision;
        const heartbeat = clock.monotonic() - sentAt >= HEARTBEAT;
        const frame = buildFrame(state, full ? 0 : sent, (slot) => fleet.visible(principal, slot)) ?? (heartbeat ? buildFrame(state, 0, () => false) : undefined);
        if (!frame) return undefined;
        sent = state.revision;
        sentAt = clock.monotonic();
        directoryRevision = fleet.revision;
        if (full) services.onFleetSent?.();
        return { epoch: fleet.epoch, asOf: state.asOf, full, ...frame };
      });
      sink.ready();
      store.add(
        scheduler.every(FRAME_PERIOD, () => {
          if (state.revision !== sent || directoryRevision !== fleet.revision || clock.monotonic() - sentAt >= HEARTBEAT) sink.ready();
        }),
      );
      return store;
    },

    'fleet.list': (input, context) => {
      const slots = query.run(principalOf(context), input.filter, input.sort, clock.monotonic());
      return { asOf: state.asOf, total: slots.length, rows: slots.slice(input.offset, input.offset + input.limit).map((slot) => cells.row(slot)) };
    },

    'vehicle.get': (input, context) => {
      const { slot, entry } = vehicle(principalOf(context), input.vehicleId);
      return {
        slot,
        vehicleId: entry.vehicleId,
        vin: entry.vin,
        status: VEHICLE_STATUSES[state.columns.status[slot]!]!,
        groups: directory.details(entry.vehicleId).map((group) => ({ title: group.title, fields: group.fields.map((field) => ({ ...field })) })),
      };
    },

    'vehicle.parameters': followParameters,
    'mis.liveParameters': followParameters,

    'vehicle.history': async (input, context) => {
      const { entry } = vehicle(principalOf(context), input.vehicleId);
      const { series, truncated } = await readVehicleHistory(services.history, directory, entry.vehicleId, { parameters: input.parameters, from: input.from, to: input.to, maxPoints: input.maxPoints });
      return { series: series.map(({ parameter, time, value }) => ({ parameter, time: Float64Array.from(time), value: Float64Array.from(value) })), truncated };
    },

    'catalogue.parameters': () => ({
      parameters: catalogue.entries.map(({ number, key, label, unit, group, kind, decimals, min, max, choices, vss }) => ({
        number, key, label, unit, group, kind, decimals,
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
        ...(choices === undefined ? {} : { choices: { ...choices } }),
        ...(vss === undefined ? {} : { vss }),
      })),
    }),

    'search.global': (input, context) => ({ hits: searchFleet(fleet, principalOf(context), input.text, input.limit) }),
  };

  function parametersOf(slot: number) {
    const numbers: number[] = [];
    const values: number[] = [];
    const times: number[] = [];
    state.forEachValue(slot, (parameter, value, time) => {
      numbers.push(parameter);
      values.push(value);
      times.push(time);
    });
    const last = state.columns.lastCommunication[slot]!;
    return {
      asOf: state.asOf,
      parameter: Uint16Array.from(numbers),
      value: Float64Array.from(values),
      time: Float64Array.from(times),
      texts: state.texts(slot).map(({ parameter, text, key }) => ({ parameter, text, time: Math.floor(key) })),
      ...(Number.isNaN(last) ? {} : { lastCommunication: last }),
    };
  }
}

