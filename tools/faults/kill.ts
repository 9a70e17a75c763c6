import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import mqtt, { type MqttClient } from 'mqtt';
import { Batch, BATCH_SIZES } from '#core/store/telemetry/batch.ts';
import { TelemetryReader } from '#core/store/telemetry/telemetry-reader.ts';
import { PARAMETER } from '#shared/domain/telemetry/catalogue/index.ts';
import { encodeSignals } from '#shared/domain/telemetry/wire/index.ts';
import { unitIdOf } from '#shared/kernel/ids.ts';
import { openDatabase } from '#shared/platform-node/sqlite/index.ts';
import { SeededRandom } from '#shared/testing/random.ts';
import { openIngest } from './ingest-setup.ts';
import { hold, type Fault } from './types.ts';

const USUAL = 20;
const UNITS = 4;
/** Unacknowledged messages of a unit. */
const WINDOW = 100;

/** A unit with its own ledger: what it sent, and what was acknowledged. Keeps what is not, and sends it again first. */
class LedgerUnit {
  readonly device: string;
  readonly acknowledged = new Set<number>();
  #open: number[] = [];
  #next = 0;
  #client: MqttClient | undefined;

  constructor(device: string) {
    this.device = device;
  }

  get sent(): number {
    return this.#next;
  }

  async connect(port: number): Promise<void> {
    this.#client = await mqtt.connectAsync({ host: '127.0.0.1', port, clientId: this.device, username: this.device, password: 'unit', reconnectPeriod: 0, connectTimeout: 5000 });
    this.#client.on('error', () => undefined);
    for (const number of [...this.#open]) this.#publish(number);
  }

  /** Sends until the window is full. */
  fill(): void {
    while (this.#open.length < WINDOW) {
      this.#open.push(this.#next);
      this.#publish(this.#next++);
    }
  }

  get settled(): boolean {
    return this.#open.length === 0;
  }

  async disconnect(): Promise<void> {
    await this.#client?.endAsync(true);
    this.#client = undefined;
  }

  #publish(number: number): void {
    const payload = encodeSignals({ boot: 1, seq: number, up: number, t0: Date.now(), values: [[0, 'odometer', number / 10]] });
    this.#client?.publish(`evf/1/f/${this.device}/sig`, Buffer.from(payload), { qos: 1 }, (error) => {
      if (error) return;
      this.acknowledged.add(number);
      this.#open = this.#open.filter((open) => open !== number);
    });
  }
}

function startChild(folder: string): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'ingest-child.ts'), folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the core ended at its start')));
    if (child.stdout) createInterface({ input: child.stdout }).once('line', (line) => resolve({ child, port: (JSON.parse(line) as { port: number }).port }));
  });
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** F1: the core is killed again and again while units publish. */
export const killIngest: Fault = {
  name: 'kill',
  describe: 'kill -9 of the core during ingest, at random: nothing acknowledged is lost, nothing is stored twice, the state is the newest',
  async run({ scale, seed, say }) {
    const rounds = Math.max(1, Math.round(USUAL * scale));
    const random = new SeededRandom(seed);
    const folder = mkdtempSync(join(tmpdir(), 'kill-'));
    const units = Array.from({ length: UNITS }, (_, i) => new LedgerUnit(`unit-${i}`));
    try {
      for (let round = 0; round <= rounds; round++) {
        const { child, port } = await startChild(folder);
        const last = round === rounds;
        await Promise.all(units.map((unit) => unit.connect(port)));
        const until = Date.now() + 20 + random.below(300);
        while (Date.now() < until || (last && units.some((unit) => !unit.settled))) {
          if (!last) for (const unit of units) unit.fill();
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        await kill(child);
        await Promise.all(units.map((unit) => unit.disconnect()));
      }
      const stored = check(folder, units);
      await checkState(folder, units);
      say(`${rounds} kills, ${stored} messages`);
      return `${rounds} kills, ${stored} messages stored once each`;
    } finally {
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
