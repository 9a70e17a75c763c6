import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { contract, type AppContract, type ItemOf } from '#shared/contract/index.ts';
import type { AlertRuleValues } from '#shared/domain/alerts/rule.ts';
import { encodeSignals } from '#shared/domain/telemetry/wire/index.ts';
import type { Log } from '#shared/kernel/ports.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { createClient, type ChannelClient } from '#shared/rpc/client.ts';
import { memoryChannelPair } from '#shared/rpc/memory.ts';
import { codeOf } from '#shared/testing/operations.ts';
import { DEMO_SIGN_IN } from '../access/demo-users.ts';
import { describeFleet } from '#electron/simulator/fleet/describe.ts';
import { createCore } from '../app/create-core.ts';
import type { Core, CoreDeps } from '../app/deps.ts';

type Client = ChannelClient<AppContract>;

const problems: unknown[] = [];
const log: Log = { write: (level, message, fields) => void (level === 'error' && problems.push([message, fields?.['error']])), child: () => log };
const cores: Core[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const core of cores.splice(0)) await core.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  expect(problems.splice(0)).toEqual([]);
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'alerts-'));
  folders.push(path);
  return path;
}

function deps(dataFolder: string, options: Partial<CoreDeps> = {}): CoreDeps {
  return {
    clock: systemClock, rng: systemRng, scheduler: systemScheduler, log,
    secrets: { kind: 'memory', get: () => Promise.resolve(undefined), set: () => Promise.resolve() },
    version: '0.0.0',
    brand: { name: 'Test', shortName: 'T', accentLight: '#000000', accentDark: '#ffffff' },
    workspace: 'demo',
    dataFolder,
    resourcesFolder: join(import.meta.dirname, '../../../resources'),
    workerEntry: (name) => new URL(`../../workers/${name}.ts`, import.meta.url),
    nodeId: '018f0000-0000-7000-8000-000000000001',
    timeZone: 'Asia/Kolkata',
    demo: { vehicles: 12, seed: 3, simulate: true },
    ...options,
  };
}

async function start(options: CoreDeps): Promise<Core> {
  const core = await createCore(options);
  cores.push(core);
  return core;
}

async function stop(core: Core): Promise<void> {
  cores.splice(cores.indexOf(core), 1);
  await core.stop();
}

async function signIn(core: Core, email: string = DEMO_SIGN_IN.email): Promise<Client> {
  const [mine, theirs] = memoryChannelPair();
  core.connect(theirs, { address: 'test' });
  const client = createClient(contract, mine);
  await client.call('auth.signIn', { email, password: DEMO_SIGN_IN.password });
  return client;
}

/** Asks again until there is an answer. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function summaries(client: Client): { newest: ItemOf<'alerts.summary'> | undefined; stop(): void } {
  const state: { newest: ItemOf<'alerts.summary'> | undefined; stop(): void } = { newest: undefined, stop: () => stream.dispose() };
  const stream = client.open('alerts.summary', {}, { onItem: (item) => void (state.newest = item), onError: () => undefined });
  return state;
}

const HOT: AlertRuleValues = {
  name: 'Test: cell hot', tab: 'bms', severity: 'critical', modelIds: [], condition: { kind: 'compare', parameter: 'batteryTempMax', op: '>', value: 60, deadBand: 2 }, onDelay: 0, offDelay: 0, latched: false, inhibition: 'none', shelvable: false,
  action: 'Stop the vehicle.', graphParameter: 'batteryTempMax', insightParameters: ['soc', 'packCurrent'], hiddenFromCustomerIds: [], enabled: true,
};

/** Resolves when this vehicle, or any, has told its battery's values. */
async function heard(client: Client, vehicleId?: string): Promise<void> {
  await until(async () => {
    const { rows } = await client.call('fleet.list', { filter: {}, offset: 0, limit: 100 });
    return rows.find((row) => typeof row.cells['soc'] === 'number' && (vehicleId === undefined || row.vehicleId === vehicleId));
  });
}

/** Leaves no rule that could call besides those a test adds. */
async function silenceRules(client: Client): Promise<void> {
  const { rules } = await client.call('alertRules.list', {});
  for (const { ruleId, revision, version: _, updatedAt: __, updatedBy: ___, openAlerts: ____, ...values } of rules) await client.call('alertRules.save', { ruleId, revision, values: { ...values, enabled: false } });
}

/**
 * Vehicles on whose bus a hot cell shows, whatever the time of day: they talk live from the start, their clocks and networks are right, and
 * of the quirks of the demo they have none but those given. In the order of the fleet's description.
 */
async function steadyOnes(client: Client, count = 12, quirks: readonly string[] = []): Promise<string[]> {
  const { vehicles } = describeFleet({ vehicles: count, seed: 3, now: Date.now() });
  const idOf = new Map((await client.call('fleet.directory', {})).vehicles.map(({ deviceId, vehicleId }) => [deviceId, vehicleId]));
  return vehicles
    .filter(({ index, silence, quirk, unitKind }) => silence === undefined && (quirk === undefined || quirks.includes(quirk)) && unitKind !== 'VTS' && index % 4 !== 2)
    .map(({ deviceId }) => idOf.get(deviceId)!);
}

/** A vehicle without any quirk that has told its battery's values. */
async function steady(client: Client): Promise<string> {
  const [vehicleId] = await steadyOnes(client);
  await heard(client, vehicleId);
  return vehicleId!;
}

async function alertOf(client: Client, vehicleId: string, name: string): Promise<string> {
  return until(async () => (await client.call('alerts.list', { filter: { vehicleId, show: 'all' }, offset: 0, limit: 50 })).rows.find((row) => row.name === name && row.clearedAt === undefined)?.alertId);
}

describe('an alert', () => {
  it('rises from a fault, is acknowledged, is not cleared while it holds, and is found among past ones with its turn-around', async () => {
    const core = await start(deps(folder()));
    const client = await signIn(core);
    // Others would call while this one is looked at: the heat makes several.
    await silenceRules(client);
    await client.call('alertRules.save', { values: HOT });
    const summary = summaries(client);
    const vehicleId = await steady(client);
    const injectedAt = Date.now();
    await client.call('demo.injectFault', { vehicleId, fault: 'cell-over-temperature', seconds: 600 });
    const alertId = await alertOf(client, vehicleId, HOT.name);

    const details = await client.call('alerts.get', { alertId });
    expect(details.row).toMatchObject({ vehicleId, state: 'active', severity: 'critical', tab: 'bms', occurrences: 1, value: 63, comments: 0, stale: false });
    expect(details.insights.length).toBeGreaterThan(0);
    expect(details.limits).toEqual([{ op: '>', value: 60, deadBand: 2 }]);
    expect(details.events.map((event) => event.kind)).toEqual(['raised']);
    expect((await client.call('alerts.list', { filter: { vehicleId, show: 'all' }, offset: 0, limit: 1 })).rows[0]!.receivedAt).toBeGreaterThanOrEqual(injectedAt);
    await until(async () => (summary.newest!.tabs.bms.critical >= 1 && summary.newest!.bell >= 1 ? true : undefined));
    expect(summary.newest!.newest.map((entry) => entry.severity)).toContain('critical');

    const { records } = await until(async () => {
      const answer = await client.call('alerts.frames', { vehicleId, parameter: details.row.graphParameter!, at: details.row.raisedAt });
      return answer.records.length > 0 ? answer : undefined;
    });
    expect(records[0]!.payload.length).toBeGreaterThan(10);
    if (records.every(({ topic }) => topic === 'can')) expect(records.flatMap(({ frames }) => frames).some((frame) => frame.message !== undefined && frame.signals.some((signal) => signal.value === 63))).toBe(true);
    const tried = await new Promise<ItemOf<'alertRules.try'>>((resolve, reject) => {
      client.open('alertRules.try', { values: HOT, days: 1 }, { onItem: (item) => void (item.state === 'done' && resolve(item)), onError: reject });
    });
    expect([tried.byVehicle.map((entry) => entry.vehicleId), tried.vehiclesDone === tried.vehicles, tried.examples[0]?.value]).toEqual([[vehicleId], true, 63]);

    expect(await client.call('alerts.acknowledge', { alertIds: [alertId] })).toEqual({ done: 1, refused: [] });
    expect(await client.call('alerts.clear', { alertIds: [alertId], comment: 'seen' })).toMatchObject({ done: 0, refused: [{ alertId, reason: expect.stringMatching(/condition still holds/) as unknown }] });
    expect(await client.call('alerts.shelve', { alertIds: [alertId], duration: '30m', reason: 'later' })).toMatchObject({ done: 0 });
    await client.call('alerts.comment', { alertId, text: 'The rider was called.' });

    await client.call('demo.clearFaults', {});
    await until(async () => (await client.call('alerts.get', { alertId })).row.returnedAt);
    expect((await client.call('alerts.get', { alertId })).row.state).toBe('returned-acknowledged');
    expect(await client.call('alerts.clear', { alertIds: [alertId], comment: 'Cooled down.' })).toEqual({ done: 1, refused: [] });
    const cleared = (await client.call('alerts.list', { filter: { vehicleId, show: 'cleared' }, offset: 0, limit: 10 })).rows.find((row) => row.alertId === alertId)!;
    expect(cleared).toMatchObject({ state: 'cleared', clearComment: 'Cooled down.', clearedBy: 'Demo User', comments: 1 });
    expect((await client.call('alerts.get', { alertId })).events.map((event) => event.kind).sort()).toEqual(['acknowledged', 'cleared', 'commented', 'raised', 'returned']);
    await until(async () => (summary.newest!.tabs.bms.critical === 0 ? true : undefined));

    await client.call('demo.injectFault', { vehicleId, fault: 'cell-over-temperature', seconds: 600 });
    const next = await alertOf(client, vehicleId, HOT.name);
    expect(next).not.toBe(alertId);
    const past = await client.call('alerts.past', { alertId: next, offset: 0, limit: 10 });
    expect(past.rows.map((row) => [row.alertId, row.turnAround])).toEqual([[alertId, cleared.clearedAt! - cleared.raisedAt]]);
    expect((await client.call('alerts.forVehicle', { vehicleId, from: 0, to: Date.now() + 1000 })).alerts.length).toBeGreaterThanOrEqual(2);

    const kpi = await client.call('alerts.kpi', { from: Date.now() - 3_600_000, to: Date.now() + 1000, timeZone: 'Asia/Kolkata' });
    expect(kpi.top.map((entry) => entry.name)).toContain(HOT.name);
    expect(kpi.turnAround.count).toBeGreaterThanOrEqual(1);
    const charts = await client.call('alerts.charts', { filter: {}, days: 7, timeZone: 'Asia/Kolkata' });
    // Midnight may have passed between the two alerts.
    expect([charts.perDay.length, charts.perDay.slice(-2).reduce((sum, day) => sum + day.critical, 0) >= 2]).toEqual([7, true]);

    await client.call('alerts.viewed', {});
    await until(async () => (summary.newest!.bell === 0 ? true : undefined));
    summary.stop();
  });

  it('outlives a restart with what was done about it, and goes on from the log', async () => {
    const dataFolder = folder();
    const core = await start(deps(dataFolder));
    const client = await signIn(core);
    await client.call('alertRules.save', { values: HOT });
    const vehicleId = await steady(client);
    await client.call('demo.injectFault', { vehicleId, fault: 'cell-over-temperature', seconds: 3600 });
    const alertId = await alertOf(client, vehicleId, HOT.name);
    await client.call('alerts.acknowledge', { alertIds: [alertId] });
    await stop(core);
    const again = await start(deps(dataFolder));
    const later = await signIn(again);
    expect((await later.call('alerts.get', { alertId })).row).toMatchObject({ state: 'active-acknowledged', acknowledgedBy: 'Demo User', occurrences: 1 });
    // The simulator forgets its faults with the restart: the value has returned to normal.
    await until(async () => (await later.call('alerts.get', { alertId })).row.returnedAt);
    expect(await later.call('alerts.clear', { alertIds: [alertId], comment: 'Done.' })).toMatchObject({ done: 1 });
  });

  it('is there after a kill at any moment with everything that was confirmed', async () => {
    const dataFolder = folder();
    const core = await start(deps(dataFolder));
    const client = await signIn(core);
    await client.call('alertRules.save', { values: HOT });
    const vehicleId = await steady(client);
    await client.call('demo.injectFault', { vehicleId, fault: 'cell-over-temperature', seconds: 3600 });
    const alertId = await alertOf(client, vehicleId, HOT.name);
    await client.call('alerts.acknowledge', { alertIds: [alertId] });
    await client.call('alerts.comment', { alertId, text: 'Kept.' });
    const before = (await client.call('alerts.get', { alertId })).row;
    // What is on the disk now is what a kill would leave.
    const killed = folder();
    cpSync(dataFolder, killed, { recursive: true, filter: (path) => !path.endsWith('.lock') });
    await stop(core);
    const again = await signIn(await start(deps(killed, { demo: { vehicles: 12, seed: 3, simulate: false } })));
    const { row, comments } = await again.call('alerts.get', { alertId });
    expect(row).toMatchObject({ state: 'active-acknowledged', acknowledgedAt: before.acknowledgedAt, raisedAt: before.raisedAt, occurrences: 1 });
    expect(comments.map((comment) => comment.text)).toEqual(['Kept.']);
    expect((await again.call('alerts.list', { filter: { vehicleId, ruleId: row.ruleId, show: 'all' }, offset: 0, limit: 10 })).total).toBe(1);
    expect(await again.call('alerts.clear', { alertIds: [alertId], comment: 'x' })).toMatchObject({ done: 0 });
  });

  it('is seen by those whose vehicle it is and by nobody else', async () => {
    // Enough that one of the customer's talks live from the start; now and then it says something that cannot be read.
    const core = await start(deps(folder(), { demo: { vehicles: 24, seed: 3, simulate: true } }));
    const admin = await signIn(core);
    const client = await signIn(core, 'b2b@commandcenter.example');
    // B2B has no alert module; the marks on the page of its own vehicle it has.
    expect([await codeOf(client.call('alerts.list', { filter: {}, offset: 0, limit: 1 })), await codeOf(client.call('alertRules.list', {}))]).toEqual(['forbidden', 'forbidden']);
    const ownVehicle = (await client.call('fleet.directory', {})).vehicles[0]!.vehicleId;
    await client.call('alerts.forVehicle', { vehicleId: ownVehicle, from: 0, to: 1 });
    // The same person in a role that reads alerts, still limited to its customer.
    const person = (await admin.call('user.list', { search: 'b2b@commandcenter.example', offset: 0, limit: 1 })).rows[0]!;
    await admin.call('user.update', { id: person.id, revision: person.revision, edit: { set: { role: 'operation' } } });
    const limited = await signIn(core, 'b2b@commandcenter.example');
    const operator = await signIn(core, 'operator@commandcenter.example');
    const operation = await signIn(core, 'operation@commandcenter.example');
    const { ruleId } = await admin.call('alertRules.save', { values: { ...HOT, severity: 'high', shelvable: true } });
    const own = new Set((await limited.call('fleet.directory', {})).vehicles.map((vehicle) => vehicle.vehicleId));
    const candidates = await steadyOnes(admin, 24, ['malformed-payload']);
    const foreign = candidates.find((id) => !own.has(id))!;
    await heard(admin, foreign);
    await admin.call('demo.injectFault', { vehicleId: foreign, fault: 'cell-over-temperature', seconds: 600 });
    const alertId = await alertOf(admin, foreign, HOT.name);
    expect((await limited.call('alerts.list', { filter: { show: 'all' }, offset: 0, limit: 500 })).rows.filter((row) => !own.has(row.vehicleId))).toEqual([]);
    expect([await codeOf(limited.call('alerts.get', { alertId })), await codeOf(limited.call('alerts.get', { alertId: '00000000-0000-5000-8000-000000000000' })), await codeOf(limited.call('alerts.forVehicle', { vehicleId: foreign, from: 0, to: 1 }))]).toEqual(['not-found', 'not-found', 'not-found']);
    expect([await codeOf(operation.call('alerts.acknowledge', { alertIds: [alertId] })), await codeOf(limited.call('alerts.acknowledge', { alertIds: [alertId] })), await codeOf(operator.call('alertRules.save', { values: HOT }))]).toEqual(['forbidden', 'forbidden', 'forbidden']);
    expect(await operator.call('alerts.shelve', { alertIds: [alertId], duration: '30m', reason: 'Workshop knows.' })).toMatchObject({ done: 1 });
    expect(await operator.call('alerts.clear', { alertIds: [alertId], comment: 'x', force: true })).toMatchObject({ done: 0, refused: [{ reason: expect.stringMatching(/administrator/) as unknown }] });
    expect(await admin.call('alerts.clear', { alertIds: [alertId], comment: 'Sensor broken.', force: true })).toEqual({ done: 1, refused: [] });
    expect((await admin.call('alerts.get', { alertId })).row).toMatchObject({ state: 'cleared', forced: true });
    // It holds on: the next one is on the shelf from its beginning.
    const next = await alertOf(admin, foreign, HOT.name);
    expect((await admin.call('alerts.get', { alertId: next })).row.shelvedUntil).toBeGreaterThan(Date.now() + 7 * 3_600_000);

    const mine = candidates.find((id) => own.has(id))!;
    await admin.call('demo.injectFault', { vehicleId: mine, fault: 'cell-over-temperature', seconds: 600 });
    const visible = await alertOf(limited, mine, HOT.name);
    const customerId = (await limited.call('fleet.directory', {})).customers[0]!.customerId;
    await admin.call('alertTabs.set', { customerId, hidden: ['bms'] });
    expect(await codeOf(limited.call('alerts.get', { alertId: visible }))).toBe('not-found');
    expect((await limited.call('alertTabs.get', {})).tabs).not.toContain('bms');
    await admin.call('alertTabs.set', { customerId, hidden: [] });
    expect((await limited.call('alerts.get', { alertId: visible })).row.alertId).toBe(visible);
    const rule = (await admin.call('alertRules.list', {})).rules.find((row) => row.ruleId === ruleId)!;
    await admin.call('alertRules.remove', { ruleId, revision: rule.revision });
    await until(async () => ((await admin.call('alerts.list', { filter: { ruleId, show: 'open' }, offset: 0, limit: 1 })).total === 0 ? true : undefined));
  });

  it('that late data show goes to history, derived from stored rows where the engine remembers no further', async () => {
    const core = await start(deps(folder(), { demo: { vehicles: 6, seed: 3, simulate: false } }));
    const client = await signIn(core);
    await client.call('alertRules.save', { values: { ...HOT, severity: 'high', inhibition: 'sensor' } });
    const { vehicleId, deviceId } = (await client.call('fleet.directory', {})).vehicles[0]!;
    const { embedded } = await client.call('settings.get', {});
    const unit = await mqtt.connectAsync(`mqtt://127.0.0.1:${embedded.actualPort!}`, { clientId: deviceId!, username: deviceId!, password: 'x' });
    const now = Date.now();
    let seq = 0;
    const say = (t0: number, temperature: number) => unit.publishAsync(`evf/1/demo/${deviceId!}/sig`, Buffer.from(encodeSignals({ boot: 900_000_000, seq: seq++, up: 60, t0, ...(t0 < now - 600_000 ? { buffered: true } : {}), values: [[0, 'batteryTempMax', temperature]] } as Parameters<typeof encodeSignals>[0])), { qos: 1 });
    for (let i = 0; i < 120; i++) await say(now - (120 - i) * 1000, 30);
    // Forty minutes ago it was hot for five, and nobody heard of it until now.
    await say(now - 45 * 60_000, 31);
    await say(now - 40 * 60_000, 70);
    await say(now - 35 * 60_000, 32);
    await unit.endAsync();
    const row = await until(async () => (await client.call('alerts.list', { filter: { vehicleId, show: 'all', search: HOT.name }, offset: 0, limit: 5 })).rows.find((alert) => alert.clearedAt !== undefined));
    expect(row).toMatchObject({ raisedAt: now - 40 * 60_000, returnedAt: now - 35 * 60_000, clearedBy: 'Late data, condition ended', occurrences: 1 });
    expect((await client.call('alerts.list', { filter: { vehicleId, search: HOT.name }, offset: 0, limit: 5 })).total).toBe(0);
  });

  it('of a vehicle in workshop mode is muted unless life is at stake, and calls when it still holds at the end', async () => {
    const core = await start(deps(folder(), { demo: { vehicles: 6, seed: 3, simulate: false } }));
    const client = await signIn(core);
    await silenceRules(client);
    const quiet: AlertRuleValues = { ...HOT, name: 'Test: warm', severity: 'high', inhibition: 'sensor' };
    for (const values of [HOT, quiet]) await client.call('alertRules.save', { values });
    const { vehicleId, deviceId } = (await client.call('fleet.directory', {})).vehicles[0]!;
    const { embedded } = await client.call('settings.get', {});
    const unit = await mqtt.connectAsync(`mqtt://127.0.0.1:${embedded.actualPort!}`, { clientId: deviceId!, username: deviceId!, password: 'x' });
    let seq = 0;
    const say = (temperature: number) => unit.publishAsync(`evf/1/demo/${deviceId!}/sig`, Buffer.from(encodeSignals({ boot: 900_000_000, seq: seq++, up: 60, t0: Date.now(), values: [[0, 'batteryTempMax', temperature]] })), { qos: 1 });
    const { until: end } = await client.call('alerts.enterWorkshop', { vehicleId, hours: 2, reason: 'Brake pads' });
    expect(await client.call('alerts.workshop', { vehicleId })).toEqual({ until: end, reason: 'Brake pads', by: 'Demo User' });
    await say(30);
    await say(70);
    const muted = await alertOf(client, vehicleId, quiet.name);
    const loud = await alertOf(client, vehicleId, HOT.name);
    const mutedBy = async (alertId: string): Promise<string | undefined> => (await client.call('alerts.get', { alertId })).row.mutedBy;
    expect([await mutedBy(muted), await mutedBy(loud)]).toEqual(['workshop', undefined]);
    const suppressed = await client.call('alerts.list', { filter: { vehicleId, show: 'suppressed' }, offset: 0, limit: 5 });
    expect(suppressed.rows.map((row) => row.alertId)).toEqual([muted]);
    await client.call('alerts.leaveWorkshop', { vehicleId });
    await until(async () => ((await mutedBy(muted)) === undefined ? true : undefined));
    expect((await client.call('alerts.get', { alertId: muted })).events.map((event) => event.kind)).toContain('unmuted');
    await unit.endAsync();
  });

  it('follows its rule: a new one looks at the last values, a changed one judges anew, a disabled one clears', async () => {
    const core = await start(deps(folder()));
    const client = await signIn(core);
    const vehicleId = await steady(client);
    const values: AlertRuleValues = { ...HOT, name: 'Test: has charge', severity: 'high', condition: { kind: 'compare', parameter: 'soc', op: '>', value: 0 }, graphParameter: 'soc' };
    const first = await client.call('alertRules.save', { values });
    const alertId = await alertOf(client, vehicleId, values.name);
    const second = await client.call('alertRules.save', { ruleId: first.ruleId, revision: first.revision, values: { ...values, condition: { kind: 'compare', parameter: 'soc', op: '>', value: 101 } } });
    expect([second.version, await codeOf(client.call('alertRules.save', { ruleId: first.ruleId, revision: first.revision, values })), await codeOf(client.call('alertRules.save', { values }))]).toEqual([2, 'stale', 'not-unique']);
    await until(async () => (await client.call('alerts.get', { alertId })).row.returnedAt);
    await client.call('alertRules.save', { ruleId: first.ruleId, revision: second.revision, values: { ...values, enabled: false } });
    expect(await until(async () => (await client.call('alerts.get', { alertId })).row.clearedBy)).toBe('Rule disabled');
    expect((await client.call('alertRules.history', { ruleId: first.ruleId })).versions.map((entry) => [entry.version, entry.by])).toEqual([[3, 'Demo User'], [2, 'Demo User'], [1, 'Demo User']]);
    expect((await client.call('alertRules.list', {})).rules.length).toBeGreaterThan(30);
  });

  it('comes in hundreds and stays workable', async () => {
    const core = await start(deps(folder(), { demo: { vehicles: 60, seed: 3, simulate: true } }));
    const client = await signIn(core);
    const bits = ['alarmCellOverVoltage', 'alarmCellUnderVoltage', 'alarmBatteryOverTemp', 'alarmBatteryUnderTemp', 'alarmOverCurrentCharge', 'alarmOverCurrentDischarge', 'alarmShortCircuit', 'alarmCellImbalance', 'mcuFaultOverTemp', 'mcuFaultMotorOverTemp'];
    for (const bit of bits) await client.call('alertRules.save', { values: { ...HOT, name: `Test: ${bit}`, severity: 'low', latched: true, condition: { kind: 'compare', parameter: bit, op: '=', value: 1 }, graphParameter: bit } });
    await heard(client);
    const summary = summaries(client);
    await client.call('demo.flood', { alerts: 500, seconds: 600 });
    await until(async () => ((await client.call('alerts.list', { filter: { search: 'test:' }, offset: 0, limit: 1 })).total >= 100 ? true : undefined));
    await until(async () => (summary.newest!.flood.active ? true : undefined));
    const { groups } = await client.call('alerts.groups', { filter: {} });
    expect(groups.length).toBeGreaterThan(5);
    const page = await client.call('alerts.list', { filter: { search: 'test:' }, offset: 0, limit: 100 });
    const alertIds = page.rows.map((row) => row.alertId);
    expect(await client.call('alerts.acknowledge', { alertIds })).toEqual({ done: 100, refused: [] });
    await until(async () => {
      const { total } = await client.call('alerts.list', { filter: { show: 'unacknowledged' }, offset: 0, limit: 1 });
      const counted = Object.values(summary.newest!.tabs).reduce((sum, tab) => sum + tab.unacknowledged, 0);
      return total === counted ? true : undefined;
    });
    summary.stop();
  });
});
