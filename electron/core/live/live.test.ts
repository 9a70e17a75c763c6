import { describe, expect, it } from 'vitest';
import { contract, type ItemOf } from '#shared/contract/index.ts';
import { permissionsOf } from '#shared/domain/access/permissions.ts';
import type { CustomerScope, Principal } from '#shared/domain/access/principal.ts';
import { FLEET_COLUMNS } from '#shared/domain/fleet/columns.ts';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { PARAMETER } from '#shared/domain/telemetry/catalogue/numbers.ts';
import { FleetState, orderKey } from '#shared/domain/telemetry/state/index.ts';
import { disposable } from '#shared/kernel/disposable.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import type { CallContext, StreamSink } from '#shared/rpc/handlers.ts';
import { FleetCells } from './cells.ts';
import type { BoundUnit, DirectoryEntry, FleetDirectory } from './directory-port.ts';
import { FleetQuery } from './fleet-query.ts';
import { liveHandlers, type HistoryReader } from './handlers.ts';
import { LiveFleet } from './live-fleet.ts';
import { PlaceNames } from './places.ts';
import { readVehicleHistory } from './vehicle-history.ts';

const NOW = 1_769_155_200_000;

function vehicle(n: number, customer: string, city: string): DirectoryEntry {
  return { vehicleId: `v${n}`, unitId: `u${n}`, vin: `MXEV${String(n).padStart(4, '0')}`, model: 'Sprint', customerId: customer, customer: `Customer ${customer}`, cityId: city, city, phone: `+9198000000${n}`, telematicsId: `CEH0${n}`, ...{ slot: 40 - n, searchText: 'secret' } };
}

function setUp(entries: DirectoryEntry[] = [vehicle(1, 'a', 'Pune'), vehicle(2, 'a', 'Delhi'), vehicle(3, 'b', 'Pune')]) {
  const changes = new Emitter<void>();
  let vehicles = entries;
  const bound = new Map<string, readonly BoundUnit[]>();
  const directory: FleetDirectory = {
    revision: 1,
    vehicles: () => vehicles,
    cities: () => ['Pune', 'Delhi'].map((city) => ({ cityId: city, city, state: 'State', zone: 'West', lat: 18, lon: 73 })),
    customers: () => ['a', 'b'].map((id) => ({ customerId: id, name: `Customer ${id}` })),
    details: () => [],
    boundUnits: (vehicleId) => bound.get(vehicleId) ?? [],
    onChange: (listener) => changes.on(listener),
  };
  const state = new FleetState();
  state.evaluate(NOW);
  const fleet = new LiveFleet(state, directory, 'epoch');
  const catalogue = createCatalogue();
  const cells = new FleetCells(fleet, catalogue, new PlaceNames(undefined));
  const query = new FleetQuery(fleet, cells);
  let ticks: (() => void)[] = [];
  let now = 0;
  const handlers = liveHandlers({
    fleet, cells, query, catalogue,
    history: { read: () => Promise.resolve({ series: [], truncated: false }) },
    clock: { now: () => NOW, monotonic: () => now },
    scheduler: { after: () => disposable(() => undefined), every: (_period, run) => (ticks.push(run), disposable(() => (ticks = ticks.filter((tick) => tick !== run)))) },
  });
  const report = (vehicleId: string, values: Partial<Record<keyof typeof PARAMETER, number>>): void => {
    const slot = fleet.slotOf(vehicleId)!;
    for (const [key, value] of Object.entries(values)) state.put(slot, PARAMETER[key as keyof typeof PARAMETER], value, orderKey(NOW, 1));
    state.contact(slot, NOW);
    state.refresh(slot);
  };
  const change = (next: DirectoryEntry[]): void => {
    vehicles = next;
    changes.emit();
  };
  return { state, fleet, query, handlers, report, change, bound, tick: (ms: number) => ((now += ms), ticks.forEach((run) => run())) };
}

function as(scope: CustomerScope): CallContext<Principal> {
  const principal: Principal = { userId: 'u', email: 'u@x', name: 'U', role: 'operation', permissions: permissionsOf('operation', 'USER'), scope, sessionId: JSON.stringify(scope === 'all' ? scope : [...scope]), nodeId: 'n' };
  return { principal, connection: { address: '', principal, sessionId: 's', bindPrincipal: () => undefined, clearPrincipal: () => undefined, onClose: () => disposable(() => undefined) }, cancelled: { requested: false, onCancel: () => disposable(() => undefined) } };
}

/** Collects what a merge stream would send each time the client may take an item. */
function collect(): StreamSink<ItemOf<'fleet.live'>> & { take(): ItemOf<'fleet.live'> | undefined } {
  let next: () => ItemOf<'fleet.live'> | undefined = () => undefined;
  let ready = false;
  return { push: () => undefined, source: (source) => (next = source), ready: () => (ready = true), end: () => undefined, fail: () => undefined, take: () => (ready ? ((ready = false), next()) : undefined) };
}

describe('fleet list', () => {
  it('sorts every row by any column, ties by VIN, unknown values last in both directions', async () => {
    const { handlers, report } = setUp();
    report('v2', { soc: 40 });
    report('v3', { soc: 70 });
    const order = async (column: string, direction: 'asc' | 'desc') =>
      (await handlers['fleet.list']({ filter: {}, sort: { column, direction }, offset: 0, limit: 10 }, as('all'))).rows.map((row) => row.vehicleId);
    expect(await order('soc', 'asc')).toEqual(['v2', 'v3', 'v1']);
    expect(await order('soc', 'desc')).toEqual(['v3', 'v2', 'v1']);
    expect(await order('model', 'desc')).toEqual(['v1', 'v2', 'v3']);
    for (const { key } of FLEET_COLUMNS) expect(await order(key, 'asc')).toHaveLength(3);
    await expect(async () => order('nonsense', 'asc')).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('pages, searches over every searchable column and filters', async () => {
    const { handlers, report } = setUp();
    report('v1', { ignition: 1, speed: 20 });
    const list = async (filter: Parameters<(typeof handlers)['fleet.list']>[0]['filter'], offset = 0, limit = 10) => {
      const answer = await handlers['fleet.list']({ filter, offset, limit }, as('all'));
      return [answer.total, ...answer.rows.map((row) => row.vehicleId)];
    };
    expect(await list({}, 1, 1)).toEqual([3, 'v2']);
    expect(await list({ search: 'pune' })).toEqual([2, 'v1', 'v3']);
    expect(await list({ search: 'customer b pune' })).toEqual([1, 'v3']);
    expect(await list({ search: '98000000 2' })).toEqual([1, 'v2']);
    expect(await list({ status: 'moving' })).toEqual([1, 'v1']);
    expect(await list({ customerIds: ['a'], cityIds: ['Pune'] })).toEqual([1, 'v1']);
  });

  it('names the slots of the live arrays, whatever else an entry holds', async () => {
    const { handlers, fleet } = setUp();
    const { vehicles } = await handlers['fleet.directory']({}, as('all'));
    for (const vehicle of vehicles) {
      expect(vehicle.slot).toBe(fleet.slotOf(vehicle.vehicleId));
      expect(vehicle).not.toHaveProperty('searchText');
    }
  });

  it('shows, finds, lists and streams nothing out of scope', async () => {
    const { handlers } = setUp();
    const b = as(new Set(['b']));
    expect((await handlers['fleet.list']({ filter: {}, offset: 0, limit: 10 }, b)).rows.map((row) => row.vehicleId)).toEqual(['v3']);
    const directory = await handlers['fleet.directory']({}, b);
    expect([directory.vehicles.map((entry) => entry.vin), directory.customers.map((entry) => entry.customerId), directory.cities.map((city) => city.city)]).toEqual([['MXEV0003'], ['b'], ['Pune']]);
    expect((await handlers['search.global']({ text: 'Customer', limit: 10 }, b)).hits.map((hit) => hit.id)).toEqual(['b']);
    expect((await handlers['search.global']({ text: 'MXEV', limit: 10 }, b)).hits.map((hit) => hit.id)).toEqual(['v3']);
    await expect(async () => handlers['vehicle.get']({ vehicleId: 'v1' }, b)).rejects.toMatchObject({ code: 'not-found' });
    await expect(async () => handlers['vehicle.get']({ vehicleId: 'missing' }, b)).rejects.toMatchObject({ code: 'not-found' });
    const sink = collect();
    await handlers['fleet.live']({}, b, sink);
    expect(sink.take()?.slot).toHaveLength(1);
  });
});

describe('live stream', () => {
  it('starts with everything, then sends what changed, and a full frame when the directory changes', async () => {
    const { handlers, report, change, tick } = setUp();
    const sink = collect();
    const stream = await handlers['fleet.live']({}, as('all'), sink);
    const first = sink.take()!;
    expect([first.full, first.slot.length]).toEqual([true, 3]);
    expect(() => contract['fleet.live'].item.parse(first)).not.toThrow();
    tick(100);
    expect(sink.take()).toBeUndefined();
    report('v2', { soc: 40 });
    report('v2', { soc: 39 });
    tick(100);
    const second = sink.take()!;
    expect([second.full, second.slot.length, second.soc[0]]).toEqual([false, 1, 40]);
    tick(1000);
    expect(sink.take()?.slot).toHaveLength(0);
    change([vehicle(1, 'a', 'Pune')]);
    tick(100);
    expect([sink.take()?.full, sink.take()]).toEqual([true, undefined]);
    stream.dispose();
    tick(5000);
    expect(sink.take()).toBeUndefined();
  });
});

describe('global search', () => {
  it('finds by VIN, VCU and phone, whole matches first', async () => {
    const { handlers } = setUp([vehicle(1, 'a', 'Pune'), vehicle(11, 'a', 'Pune')]);
    const hits = async (text: string) => (await handlers['search.global']({ text, limit: 5 }, as('all'))).hits.map((hit) => [hit.id, hit.field]);
    expect(await hits('ceh01')).toEqual([['v1', 'VCU'], ['v11', 'VCU']]);
    expect(await hits('9800000011')).toEqual([['v11', 'Phone']]);
    expect(await hits('  ')).toEqual([]);
  });
});

describe('a unit that moves to another vehicle', () => {
  it('takes nothing with it that it said in the former one', () => {
    const { state, fleet, report, change, bound } = setUp([vehicle(1, 'a', 'Pune')]);
    report('v1', { soc: 70, speed: 30 });
    bound.set('v2', [{ unitId: 'u1', from: NOW + 1000, to: Number.POSITIVE_INFINITY }]);
    change([{ ...vehicle(2, 'b', 'Pune'), unitId: 'u1' }, { ...vehicle(1, 'a', 'Pune'), unitId: undefined }]);
    const slot = fleet.slotOf('v2')!;
    expect([state.value(slot, PARAMETER.soc), state.columns.lastCommunication[slot]]).toEqual([Number.NaN, Number.NaN]);
    state.put(slot, PARAMETER.soc, 55, orderKey(NOW + 2000, 2));
    state.contact(slot, NOW + 2000);
    // A restart brings back what the log holds of both.
    state.put(slot, PARAMETER.packVoltage, 50, orderKey(NOW, 1));
    fleet.forgetFormer();
    expect([state.value(slot, PARAMETER.soc), state.value(slot, PARAMETER.packVoltage), state.columns.lastCommunication[slot]]).toEqual([55, Number.NaN, NOW + 2000]);
    expect(Number.isNaN(state.columns.lastCommunication[fleet.slotOf('v1')!])).toBe(true);
  });

  it('has a history in each for the time it was there', async () => {
    const asked: unknown[] = [];
    const history: HistoryReader = {
      read: ({ unitId, from, to, parameters }) => {
        asked.push([unitId, from, to]);
        return Promise.resolve({ series: parameters.map((parameter) => ({ parameter, time: Float64Array.of(from, to), value: Float64Array.of(1, 2) })), truncated: false });
      },
    };
    const boundUnits = (): BoundUnit[] => [{ unitId: 'old', from: Number.NEGATIVE_INFINITY, to: 100 }, { unitId: 'new', from: 150, to: Number.POSITIVE_INFINITY }];
    const read = (from: number, to: number, maxPoints = 10) => readVehicleHistory(history, { boundUnits }, 'v1', { parameters: [1], from, to, maxPoints });
    expect([...((await read(50, 300)).series[0]?.time ?? [])]).toEqual([50, 99, 150, 300]);
    expect(asked.splice(0)).toEqual([['old', 50, 99], ['new', 150, 300]]);
    expect((await read(110, 140)).series.map((one) => one.time.length)).toEqual([0]);
    expect(asked).toEqual([]);
    const cut = await read(50, 300, 3);
    expect([[...(cut.series[0]?.time ?? [])], cut.truncated]).toEqual([[99, 150, 300], true]);
  });
});
