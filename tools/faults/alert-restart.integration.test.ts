import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DirectReceiver } from '#core/ingest/direct-receiver.ts';
import { AlertReader } from '#core/store/operations/alerts/reader.ts';
import { localStep } from '#core/store/operations/operations.ts';
import type { AlertRecord } from '#shared/domain/alerts/types.ts';
import { encodeSignals } from '#shared/domain/telemetry/wire/index.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { SYSTEM } from '#shared/testing/master-data.ts';
import { openAlertCore, seedVehicles, vehicleOf } from './alert-core.ts';

type AlertCore = Awaited<ReturnType<typeof openAlertCore>>;

const DEVICES = ['unit-0', 'unit-1', 'unit-2'] as const;
/** The engine's state is kept once, at the start: a restart reads the whole log again. */
const NEVER = 3_600_000;
/** Messages are of this time, epoch ms, and later. */
const START = Date.now() - 60_000;

let folder = '';
let core: AlertCore | undefined;
let receiver: DirectReceiver;
let sequence = 0;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'restart-'));
  sequence = 0;
  await seedVehicles(folder, DEVICES);
  await start();
});
afterEach(async () => {
  await leave();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<AlertCore> {
  core = await openAlertCore(folder, NEVER);
  receiver = new DirectReceiver(systemClock);
  await core.ingest.receive(receiver);
  return core;
}

/** Ends the core; nothing that the alert service has not stored by then is stored. */
async function leave(): Promise<void> {
  core?.alerts.dispose();
  await core?.ingest.stop();
  await core?.operations.close();
  core = undefined;
}

/** A unit says this; resolves when it is stored. */
async function say(time: number, values: Readonly<Record<string, number>>, device: (typeof DEVICES)[number] = 'unit-0'): Promise<void> {
  const payload = encodeSignals({ boot: 1, seq: sequence, up: sequence++, t0: time, values: Object.entries(values).map(([key, value]) => [0, key, value]) });
  receiver.deliver(`evf/1/f/${device}/sig`, Buffer.from(payload), { qos: 1 });
  receiver.settle();
  await core?.ingest.pipeline.queue.drain();
  await core?.alerts.watch.queue.flush();
}

/** Alerts of a quick rule, oldest first. */
function alerts({ operations }: AlertCore, name: string): { id: string; raisedAt: number; lastOccurrenceAt: number; returnedAt: number | undefined; clearedAt: number | undefined }[] {
  const { rows } = new AlertReader(operations.read.database).list({ view: 'all', now: 0, show: 'all' });
  return rows.filter((row) => row.name === name).map(({ id, raisedAt, lastOccurrenceAt, returnedAt, clearedAt }) => ({ id, raisedAt, lastOccurrenceAt, returnedAt, clearedAt })).sort((a, b) => a.raisedAt - b.raisedAt);
}

/** Stores of an alert of the first vehicle what a run found out before it was killed. */
async function store({ operations }: AlertCore, id: string, found: Omit<AlertRecord, 'id' | 'ruleId' | 'ruleVersion' | 'vehicleId'>): Promise<void> {
  const ruleId = new AlertReader(operations.read.database).get(id)?.ruleId ?? '';
  await operations.commit({ principal: SYSTEM, local: [localStep('alert.apply', { writes: [{ kind: 'put', alert: { ...found, id, ruleId, ruleVersion: 1, vehicleId: vehicleOf(0) }, acts: 0, label: undefined, events: [] }], acts: [], now: Date.now() })] });
}

test('an alert that rises in the millisecond in which the one before it is cleared is there after a kill', async () => {
  const before = core as AlertCore;
  await say(START, { soc: 10 });
  await say(START + 10, { soc: 80 });
  const [first] = alerts(before, 'Quick');
  await before.operations.mutate(SYSTEM, 'alert.clear', { alertIds: [first?.id ?? ''], comment: 'Seen.' }, { at: START + 20 });
  await say(START + 20, { soc: 10 });
  await say(START + 30, { soc: 80 });
  const known = alerts(before, 'Quick');
  expect(known.map(({ raisedAt, returnedAt, clearedAt }) => [raisedAt, returnedAt, clearedAt])).toEqual([[START, START + 10, START + 20], [START + 20, START + 30, undefined]]);
  await leave();
  const after = await start();
  await after.alerts.watch.queue.flush();
  expect(alerts(after, 'Quick')).toEqual(known);
});

test('a clear of which the engine had not heard before a kill leaves alone what came after it, and was stored before the kill', async () => {
  const before = core as AlertCore;
  await say(START, { soc: 10 });
  await say(START + 10, { soc: 80 });
  const [first] = alerts(before, 'Quick');
  // From here on the service stores nothing; what it would have, with the act under way, is stored by hand.
  before.alerts.watch.queue.hold();
  await before.operations.mutate(SYSTEM, 'alert.clear', { alertIds: [first?.id ?? ''], comment: 'Seen.' }, { at: START + 20 });
  await say(START + 30, { soc: 10 });
  await store(before, first?.id ?? '', { state: 'active', raisedAt: START, lastOccurrenceAt: START + 30, occurrences: 2, receivedAt: START });
  await leave();
  const after = await start();
  await after.alerts.watch.queue.flush();
  expect(alerts(after, 'Quick').map(({ raisedAt, lastOccurrenceAt, returnedAt, clearedAt }) => [raisedAt, lastOccurrenceAt, returnedAt, clearedAt])).toEqual([
    [START, START, START + 10, START + 20],
    [START + 30, START + 30, undefined, undefined],
  ]);
});

test('an acknowledged alert that had ended goes on with late data, and is stored as it goes on', async () => {
  const { operations } = core as AlertCore;
  // Over-speed rises after 5 s and ends after 10 s. Messages of seconds to come: time alone ends nothing meanwhile.
  const begin = Date.now();
  for (const [at, speed] of [[0, 90], [6000, 90], [10_000, 30]] as const) await say(begin + at, { speed }, 'unit-2');
  const [open] = alerts(core as AlertCore, 'Over-speed, two-wheeler');
  await operations.mutate(SYSTEM, 'alert.acknowledge', { alertIds: [open?.id ?? ''] }, { at: begin + 7000 });
  await say(begin + 20_000, { speed: 30 }, 'unit-2');
  expect(alerts(core as AlertCore, 'Over-speed, two-wheeler').map(({ clearedAt }) => clearedAt)).toEqual([begin + 20_000]);
  await say(begin + 15_000, { speed: 90 }, 'unit-2');
  const [later] = alerts(core as AlertCore, 'Over-speed, two-wheeler');
  expect([later?.raisedAt, later?.returnedAt, later?.clearedAt]).toEqual([begin + 5000, undefined, undefined]);
  expect(new AlertReader(operations.read.database).get(open?.id ?? '')?.acknowledgedAt).toBe(begin + 7000);
});

test('an act has its place in time, also where the engine was ahead of what was stored', async () => {
  const { operations, alerts: service } = core as AlertCore;
  await say(START, { gsmSignal: 5 });
  const [first] = alerts(core as AlertCore, 'Fleeting');
  // The store is slow: what is shown is still the first alert, while the engine knows of the end of another.
  service.watch.queue.hold();
  for (const [at, gsmSignal] of [[20, 25], [30, 5], [40, 25]] as const) {
    receiver.deliver('evf/1/f/unit-0/sig', Buffer.from(encodeSignals({ boot: 1, seq: sequence, up: sequence++, t0: START + at, values: [[0, 'gsmSignal', gsmSignal]] })), { qos: 1 });
  }
  receiver.settle();
  await operations.mutate(SYSTEM, 'alert.acknowledge', { alertIds: [first?.id ?? ''] }, { at: START + 35 });
  service.watch.queue.release();
  await service.watch.queue.flush();
  const reader = new AlertReader(operations.read.database);
  expect(alerts(core as AlertCore, 'Fleeting').map(({ id, raisedAt, clearedAt }) => [raisedAt, clearedAt, reader.get(id)?.acknowledgedAt])).toEqual([
    [START, START + 20, START + 35],
    [START + 30, START + 40, START + 35],
  ]);
});

test('what a run took from time alone before it was killed is put right by the next', async () => {
  const before = core as AlertCore;
  await say(START, { gsmSignal: 5 });
  const [first] = alerts(before, 'Fleeting');
  await before.alerts.watch.stop();
  // Nothing was heard for longer than a delay: the alert had ended. What was on its way, and is in the log, says that it had not.
  await store(before, first?.id ?? '', { state: 'cleared', raisedAt: START, lastOccurrenceAt: START, occurrences: 1, receivedAt: START, returnedAt: START + 10, clearedAt: START + 10, clearReason: 'condition-ended' });
  await leave();
  const after = await start();
  await after.alerts.watch.queue.flush();
  expect(alerts(after, 'Fleeting')).toEqual([{ ...first, returnedAt: undefined, clearedAt: undefined }]);
});
