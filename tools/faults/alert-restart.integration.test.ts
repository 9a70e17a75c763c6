import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DirectReceiver } from '#core/ingest/direct-receiver.ts';
import { AlertReader } from '#core/store/operations/alerts/reader.ts';
import { localStep } from '#core/store/operations/operations.ts';
import { encodeSignals } from '#shared/domain/telemetry/wire/index.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { SYSTEM } from '#shared/testing/master-data.ts';
import { openAlertCore, seedVehicles, vehicleOf } from './alert-core.ts';

type AlertCore = Awaited<ReturnType<typeof openAlertCore>>;

const DEVICE = 'unit-0';
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
  await seedVehicles(folder, [DEVICE]);
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

/** The unit says this; resolves when it is stored. */
async function say(time: number, values: Readonly<Record<string, number>>): Promise<void> {
  const payload = encodeSignals({ boot: 1, seq: sequence, up: sequence++, t0: time, values: Object.entries(values).map(([key, value]) => [0, key, value]) });
  receiver.deliver(`evf/1/f/${DEVICE}/sig`, Buffer.from(payload), { qos: 1 });
  receiver.settle();
  await core?.ingest.pipeline.queue.drain();
  await core?.alerts.watch.queue.flush();
}

/** Alerts of a quick rule, oldest first. */
function alerts({ operations }: AlertCore, name: string): { id: string; raisedAt: number; lastOccurrenceAt: number; returnedAt: number | undefined; clearedAt: number | undefined }[] {
  const { rows } = new AlertReader(operations.read.database).list({ view: 'all', now: 0, show: 'all' });
  return rows.filter((row) => row.name === name).map(({ id, raisedAt, lastOccurrenceAt, returnedAt, clearedAt }) => ({ id, raisedAt, lastOccurrenceAt, returnedAt, clearedAt })).sort((a, b) => a.raisedAt - b.raisedAt);
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
  const record = before.alerts.watch.queue;
  // From here on the service hears of no act, and stores what it finds out all the same, as where the writer is slower than both.
  record.hold();
  await before.operations.mutate(SYSTEM, 'alert.clear', { alertIds: [first?.id ?? ''], comment: 'Seen.' }, { at: START + 20 });
  await say(START + 30, { soc: 10 });
  await before.operations.commit({
    principal: SYSTEM,
    local: [localStep('alert.apply', { writes: [{ kind: 'put', alert: { id: first?.id ?? '', ruleId: new AlertReader(before.operations.read.database).get(first?.id ?? '')?.ruleId ?? '', ruleVersion: 1, vehicleId: vehicleOf(0), state: 'active', raisedAt: START, lastOccurrenceAt: START + 30, occurrences: 2, receivedAt: START }, acts: 0, label: undefined, events: [] }], acts: [], now: START + 31 })],
  });
  await leave();
  const after = await start();
  await after.alerts.watch.queue.flush();
  expect(alerts(after, 'Quick').map(({ raisedAt, lastOccurrenceAt, returnedAt, clearedAt }) => [raisedAt, lastOccurrenceAt, returnedAt, clearedAt])).toEqual([
    [START, START, START + 10, START + 20],
    [START + 30, START + 30, undefined, undefined],
  ]);
});
