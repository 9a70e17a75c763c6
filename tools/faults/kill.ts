import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import { Batch, BATCH_SIZES } from '#core/store/telemetry/batch.ts';
import { TelemetryReader } from '#core/store/telemetry/telemetry-reader.ts';
import { PARAMETER } from '#shared/domain/telemetry/catalogue/index.ts';
import { encodeSignals } from '#shared/domain/telemetry/wire/index.ts';
import { unitIdOf } from '#shared/kernel/ids.ts';
import { openDatabase } from '#shared/platform-node/sqlite/index.ts';
import { SeededRandom } from '#shared/testing/random.ts';
import { seedVehicles, vehicleOf, type Deed } from './alert-core.ts';
import { AlertReplay } from './alert-replay.ts';
import { openIngest } from './ingest-setup.ts';
import { OwnTime } from './own-time.ts';
import { hold, type Fault } from './types.ts';

const USUAL = 20;
const UNITS = 4;
/** Unacknowledged messages of a unit. */
const WINDOW = 100;
/** A core that runs acknowledges what is under way within this time, ms of this process. */
const SETTLE_LIMIT = 60_000;

/** A value changes its side about once in so many messages. */
const CALM = 60;
/** Parameters that default rules and the quick ones look at: how they are, and how they are not. */
const SIDES = { soc: [80, 10], throttle: [10, 100], gsmSignal: [25, 5], speed: [30, 90], alarmBatteryOverTemp: [0, 1], alarmShortCircuit: [0, 1], alarmOverCurrentDischarge: [0, 1], vcuFaultBmsLost: [0, 1], vcuFaultTipOver: [0, 1] } as const;
type Side = keyof typeof SIDES;

interface Measured {
  readonly time: number;
  readonly values: Readonly<Record<string, number>>;
}

/** A unit with its own ledger: what it sent, and what was acknowledged. Keeps what is not, and sends it again first. */
class LedgerUnit {
  readonly device: string;
  readonly acknowledged = new Set<number>();
  readonly #random: SeededRandom;
  readonly #measured: (number: number, measured: Measured) => void;
  readonly #sides = new Map<Side, 0 | 1>();
  readonly #open = new Map<number, Measured>();
  #next = 0;
  #time = 0;
  #client: MqttClient | undefined;

  /** `measured` hears of each message before it is sent. */
  constructor(device: string, random: SeededRandom, measured: (number: number, measured: Measured) => void) {
    this.device = device;
    this.#random = random;
    this.#measured = measured;
  }

  get sent(): number {
    return this.#next;
  }

  async connect(port: number): Promise<void> {
    this.#client = await mqtt.connectAsync({ host: '127.0.0.1', port, clientId: this.device, username: this.device, password: 'unit', reconnectPeriod: 0, connectTimeout: 5000 });
    this.#client.on('error', () => undefined);
    for (const [number, measured] of [...this.#open]) this.#publish(number, measured);
  }

  /** Measures and sends the next message, unless its window is full. */
  step(): void {
    if (this.#open.size >= WINDOW) return;
    const number = this.#next++;
    this.#time = Math.max(this.#time + 1, Date.now());
    const values: Record<string, number> = { odometer: number / 10 };
    for (const side of Object.keys(SIDES) as Side[]) {
      const known = this.#sides.get(side);
      if (known === undefined || this.#random.below(CALM) === 0) this.#sides.set(side, known === 0 ? 1 : 0);
      values[side] = SIDES[side][this.#sides.get(side) ?? 0];
    }
    const measured = { time: this.#time, values };
    this.#measured(number, measured);
    this.#open.set(number, measured);
    this.#publish(number, measured);
  }

  get settled(): boolean {
    return this.#open.size === 0;
  }

  async disconnect(): Promise<void> {
    await this.#client?.endAsync(true);
    this.#client = undefined;
  }

  #publish(number: number, { time, values }: Measured): void {
    const payload = encodeSignals({ boot: 1, seq: number, up: number, t0: time, values: Object.entries(values).map(([key, value]) => [0, key, value]) });
    this.#client?.publish(`evf/1/f/${this.device}/sig`, Buffer.from(payload), { qos: 1 }, (error) => {
      if (error) return;
      this.acknowledged.add(number);
      this.#open.delete(number);
    });
  }
}

interface Child {
  readonly process: ChildProcess;
  readonly port: number;
  /** Has somebody act on an alert. */
  act(): void;
}

function startChild(folder: string, seed: number, done: (deed: Deed) => void): Promise<Child> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'ingest-child.ts'), folder, String(seed)], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => undefined);
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the core ended at its start')));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const told = JSON.parse(line) as { port: number } | Deed;
      if ('port' in told) resolve({ process: child, port: told.port, act: () => child.stdin.write('act\n') });
      else done(told);
    });
  });
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** Waits until everything a unit sent is acknowledged. Throws where the core ends by itself or acknowledges nothing for too long. */
async function settled(units: readonly LedgerUnit[], core: ChildProcess): Promise<void> {
  const time = new OwnTime();
  try {
    while (units.some((unit) => !unit.settled)) {
      hold(core.exitCode === null && core.signalCode === null, 'the core ended by itself');
      hold(time.now() < SETTLE_LIMIT, 'the core does not acknowledge what units sent');
      await sleep(1);
    }
  } finally {
    time.stop();
  }
}

/** F1: the core is killed again and again while units publish and somebody works on their alerts. */
export const killIngest: Fault = {
  name: 'kill',
  describe: 'kill -9 of the core during ingest, at random: nothing acknowledged is lost, nothing is stored twice, the state is the newest, alerts are a replay of the ledger',
  async run({ scale, seed, say }) {
    const rounds = Math.max(1, Math.round(USUAL * scale));
    const random = new SeededRandom(seed);
    const folder = mkdtempSync(join(tmpdir(), 'kill-'));
    let child: Child | undefined;
    let units: readonly LedgerUnit[] = [];
    try {
      const devices = Array.from({ length: UNITS }, (_, i) => `unit-${i}`);
      await seedVehicles(folder, devices);
      const alerts = new AlertReplay(folder);
      units = devices.map((device, i) => new LedgerUnit(device, random, (seq, { time, values }) => alerts.sent({ vehicle: vehicleOf(i), time, seq, receivedAt: time, values })));
      const begin = async (): Promise<Child> => {
        const child = await startChild(folder, random.below(1e9), (deed) => alerts.confirmed(deed));
        await Promise.all(units.map((unit) => unit.connect(child.port)));
        return child;
      };
      const end = async (child: Child): Promise<void> => {
        await kill(child.process);
        await Promise.all(units.map((unit) => unit.disconnect()));
      };
      let kills = 0;
      for (;;) {
        child = await begin();
        // Now and then while it takes in what the last kill left open.
        if (kills > 0 && kills < rounds && random.below(4) === 0) {
          await sleep(random.below(40));
          await end(child);
          kills++;
          child = await begin();
        }
        await settled(units, child.process);
        const last = kills === rounds;
        await (last ? alerts.checkWhole() : alerts.check());
        const until = Date.now() + 20 + random.below(300);
        while (!last && Date.now() < until) {
          for (const unit of units) unit.step();
          if (random.below(10) === 0) child.act();
          await sleep(1);
        }
        await end(child);
        if (last) break;
        if (++kills % 50 === 0) say(`${kills} kills, ${alerts.alerts} alerts, ${alerts.acts} acts`);
      }
      const stored = check(folder, units);
      await checkState(folder, units);
      say(`${kills} kills, ${stored} messages, ${alerts.alerts} alerts, ${alerts.acts} acts`);
      return `${kills} kills, ${stored} messages stored once each, ${alerts.alerts} alerts and ${alerts.acts} acts on them as replayed`;
    } finally {
      // Where something did not hold: what still runs would keep this process from ending.
      child?.process.kill('SIGKILL');
      await Promise.all(units.map((unit) => unit.disconnect()));
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Stored equals acknowledged, each once; the database is sound. Returns the number of messages. */
function check(folder: string, units: readonly LedgerUnit[]): number {
  const path = join(folder, 'telemetry.db');
  const database = openDatabase(path, { check: 'quick' });
  const devices = new Map(database.prepare<[], { number: number; device_id: string }>('SELECT number, device_id FROM unit').all().map((row) => [row.number, row.device_id]));
  database.close();
  const reader = new TelemetryReader(path);
  const seen = new Map<string, Set<number>>(units.map((unit) => [unit.device, new Set()]));
  const batch = new Batch(BATCH_SIZES);
  let total = 0;
  for (let after = 0; ; ) {
    const { last, damaged } = reader.readLog(after, batch);
    hold(damaged === 0, `${damaged} damaged rows`);
    if (last === after) break;
    after = last;
    for (let i = 0; i < batch.count; i++) {
      const numbers = seen.get(devices.get(batch.unit[i] as number) ?? '');
      hold(numbers !== undefined && !numbers.has(batch.number[i] as number), `message ${batch.number[i]} of ${devices.get(batch.unit[i] as number)} is stored twice`);
      numbers?.add(batch.number[i] as number);
      total++;
    }
  }
  reader.close();
  for (const unit of units) {
    const numbers = seen.get(unit.device) ?? new Set();
    for (const number of unit.acknowledged) hold(numbers.has(number), `message ${number} of ${unit.device} was acknowledged and is lost`);
    hold(numbers.size === unit.sent, `${unit.device} sent ${unit.sent} messages, ${numbers.size} are stored`);
  }
  return total;
}

/** The live fleet after a restart shows what each unit sent last. */
async function checkState(folder: string, units: readonly LedgerUnit[]): Promise<void> {
  const { ingest, state } = await openIngest(folder);
  try {
    for (const unit of units) {
      const shown = state.value(state.slotOf(unitIdOf(unit.device)) ?? -1, PARAMETER.odometer);
      hold(shown === (unit.sent - 1) / 10, `${unit.device} shows ${shown}, sent ${(unit.sent - 1) / 10} last`);
      hold(ingest.registry.byDevice(unit.device)?.context.sequence.missing === 0, `${unit.device} has gaps`);
    }
  } finally {
    await ingest.stop();
  }
}
