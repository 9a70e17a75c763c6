import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import type { BackfillPolicy } from '#shared/domain/telemetry/sequence/index.ts';
import { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { encodeCommandAck, encodeSignals, type AckState } from '#shared/domain/telemetry/wire/index.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { EmbeddedReceiver } from '../../mqtt/embedded-receiver.ts';
import { createIngest, type Ingest } from '../create-ingest.ts';

const entry = (name: string): URL => new URL(`../../../workers/${name}.ts`, import.meta.url);
const POLICY: BackfillPolicy = { settle: 1000, quiet: 200, latest: 2000, heard: 60_000, rangesPerCommand: 64, messagesPerCommand: 2000, pause: 100, answer: 20_000, afterDone: 1000, attempts: 3, answers: 2, firstBackOff: 300, longestBackOff: 1000 };

let folder = '';
const open: Ingest[] = [];
const clients: MqttClient[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backfill-'));
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
  for (const ingest of open.splice(0)) await ingest.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<{ ingest: Ingest; port: number }> {
  const ingest = await createIngest({
    clock: systemClock, rng: systemRng, scheduler: systemScheduler, log: SILENT_LOG, workerEntry: entry, dataFolder: folder, topicPrefix: 'evf/1', catalogue: createCatalogue(),
    resolveBus: () => undefined, describe: () => undefined, state: new FleetState(), notices: { raise: () => undefined, clear: () => undefined }, retention: { hours: 24, rawHours: 24 }, ballastBytes: 0,
    sign: () => 'signature', backfillPolicy: POLICY,
  });
  open.push(ingest);
  const receiver = new EmbeddedReceiver({ entry: entry('broker'), broker: { port: 0, lan: false, topicPrefix: 'evf/1', secrets: { core: 'core', units: 'unit' } }, clock: systemClock });
  await ingest.receive(receiver);
  return { ingest, port: receiver.broker?.port ?? 0 };
}

interface SentCommand {
  readonly id: string;
  readonly t: number;
  readonly exp: number;
  readonly args: { readonly ranges: [number, number, number][] };
}

/** A unit that keeps some of what it sends, and sends that again when it is asked. */
class Unit {
  readonly commands: SentCommand[] = [];
  readonly #kept = new Set<number>();
  readonly #client: MqttClient;
  #seq = 0;

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('message', (_topic, payload) => this.#obey(JSON.parse(payload.toString()) as SentCommand));
  }

  static async connect(port: number, seq = 0): Promise<Unit> {
    const client = await mqtt.connectAsync({ host: '127.0.0.1', port, clientId: 'unit-1', username: 'unit-1', password: 'unit', reconnectPeriod: 0 });
    clients.push(client);
    const unit = new Unit(client);
    unit.#seq = seq;
    await client.subscribeAsync('evf/1/f/unit-1/cmd/+', { qos: 1 });
    return unit;
  }

  async send(): Promise<void> {
    await this.#publish(this.#seq++, false);
  }

  /** A message that is lost on its way; kept or not. */
  lose(kept: boolean): void {
    if (kept) this.#kept.add(this.#seq);
    this.#seq++;
  }

  /** What it says while the test ends is lost with its connection. */
  #obey(command: SentCommand): void {
    this.commands.push(command);
    void this.#answer(command.id, 'delivered').catch(() => undefined);
    void this.#answer(command.id, 'accepted').catch(() => undefined);
    for (const [, from, to] of command.args.ranges) for (let seq = from; seq <= to; seq++) if (this.#kept.has(seq)) void this.#publish(seq, true).catch(() => undefined);
    void this.#answer(command.id, 'done').catch(() => undefined);
  }

  async #publish(seq: number, buffered: boolean): Promise<void> {
    await this.#client.publishAsync('evf/1/f/unit-1/sig', Buffer.from(encodeSignals({ boot: 1, seq, up: seq, buffered, t0: systemClock.now(), values: [[0, 'odometer', seq]] })), { qos: 1 });
  }

  async #answer(id: string, state: AckState): Promise<void> {
    await this.#client.publishAsync(`evf/1/f/unit-1/cmd/${id}/ack`, Buffer.from(encodeCommandAck({ boot: 1, seq: this.#seq++, up: 1, id, t: systemClock.now(), state })), { qos: 1 });
  }
}

test('what was lost is asked for, filled as far as the unit has it, and kept as a gap where it does not', async () => {
  const { ingest, port } = await start();
  const unit = await Unit.connect(port);
  await unit.send();
  for (let i = 0; i < 3; i++) unit.lose(true);
  const middle = unit.send();
  for (let i = 0; i < 2; i++) unit.lose(false);
  // Both gaps show at once, and are asked for together.
  await Promise.all([middle, unit.send()]);
  await vi.waitFor(() => expect(ingest.backfill.counts).toMatchObject({ open: 0, filled: 3, lost: 2 }), { timeout: 60_000, interval: 50 });
  const [command] = unit.commands;
  expect(command).toMatchObject({ v: 1, cmd: 'backfill', args: { ranges: [[1, 1, 3], [1, 5, 6]] }, cond: {}, sig: 'signature' });
  expect(Object.keys(command ?? {})).toEqual(['v', 'id', 't', 'exp', 'cmd', 'args', 'cond', 'sig']);
  expect((command?.exp ?? 0) - (command?.t ?? 0)).toBeGreaterThan(60_000);
  // The second time only what was still missing.
  expect(unit.commands.slice(1).map(({ args }) => args.ranges)).toEqual([[[1, 5, 6]]]);
  const gap = { boot: 1, from: 5, to: 6, reason: 'not-kept', givenUpAt: expect.any(Number) as unknown, noticedAt: expect.any(Number) as unknown, since: expect.any(Number) as unknown };
  expect(ingest.gaps('unit-1', 10)).toEqual([gap]);
  expect(ingest.devices({ problemsOnly: true, offset: 0, limit: 10 }).devices).toMatchObject([{ deviceId: 'unit-1', gaps: 2, backfill: { open: 0, filled: 3, lost: 2 } }]);
  expect(ingest.summary().counters).toEqual(expect.arrayContaining([expect.objectContaining({ key: 'missingFilled', value: 3 }), expect.objectContaining({ key: 'missingLost', value: 2 })]));

  await ingest.stop();
  open.length = 0;
  await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
  const again = await start();
  const back = await Unit.connect(again.port, 100);
  await back.send();
  // What is new is asked for, until it is given up; in all of that, what was given up before the restart is not.
  await vi.waitFor(
    () => {
      const gaps = again.ingest.gaps('unit-1', 10);
      expect(gaps.length).toBeGreaterThan(1);
      expect(gaps.every(({ givenUpAt }) => givenUpAt !== undefined)).toBe(true);
    },
    { timeout: 60_000, interval: 50 },
  );
  const asked = back.commands.flatMap(({ args }) => args.ranges);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter(([boot, from, to]) => boot === 1 && from <= 6 && to >= 5)).toEqual([]);
  expect(again.ingest.gaps('unit-1', 10)[0]).toEqual(gap);
});

test('a unit whose clock is ahead gets a command that has not expired by its own clock', async () => {
  const { ingest, port } = await start();
  const unit = await Unit.connect(port);
  const client = clients.at(-1);
  const ahead = 3 * 3_600_000;
  for (const seq of [0, 5]) await client?.publishAsync('evf/1/f/unit-1/sig', Buffer.from(encodeSignals({ boot: 1, seq, up: seq, t0: systemClock.now() + ahead, values: [[0, 'odometer', seq]] })), { qos: 1 });
  await vi.waitFor(() => expect(unit.commands.length).toBeGreaterThan(0), { timeout: 60_000 });
  expect(unit.commands[0]?.exp).toBeGreaterThan(systemClock.now() + ahead);
  expect(ingest.backfill.outstanding).toBeLessThanOrEqual(1);
});
