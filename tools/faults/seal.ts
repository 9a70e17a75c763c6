import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SealStep } from '#core/store/telemetry/sealer.ts';
import { SqliteHistoryStore } from '#core/store/telemetry/sqlite-store.ts';
import { openDatabase } from '#shared/platform-node/sqlite/index.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { SeededRandom } from '#shared/testing/random.ts';
import { SEAL_FAULT } from './seal-fault.ts';
import { hold, type Fault } from './types.ts';

const STEPS: readonly SealStep[] = ['seal-begin', 'seal-chunk', 'seal-late', 'seal-segment', 'seal-commit', 'drop-begin', 'drop-commit'];
const USUAL = STEPS.length;

/** Runs the child until it kills itself; the last hour that it said was durable. */
function runChild(folder: string, step: SealStep, at: number, from: number): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'seal-child.ts'), folder, step, String(at), String(from)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (text: Buffer) => (said += text.toString()));
  return new Promise((resolve, reject) => {
    child.once('close', (_code, signal) => {
      if (signal === 'SIGKILL') resolve(Number(said.trim().split('\n').at(-1) || from - 1));
      else reject(new Error(`the process ended by itself at ${step}`));
    });
  });
}

/** Every message of the hours that were durable is there, each once, and the database is sound. Returns the next hour. */
async function check(folder: string, durable: number, step: SealStep): Promise<number> {
  const path = join(folder, 'telemetry.db');
  openDatabase(path, { check: 'quick' }).close();
  const store = new SqliteHistoryStore(path, { rng: systemRng });
  try {
    const next = (await store.rows({ unit: 1, from: 0, to: SEAL_FAULT.start * 2, limit: 20_000 })).rows.reduce((most, row) => Math.max(most, Math.floor(row.number / SEAL_FAULT.rows)), -1) + 1;
    hold(next > durable, `at ${step}: hour ${durable} was stored and is lost`);
    for (let unit = 1; unit <= SEAL_FAULT.units; unit++) {
      const page = await store.rows({ unit, from: 0, to: SEAL_FAULT.start * 2, limit: 20_000 });
      const numbers = page.rows.map((row) => row.number).sort((a, b) => a - b);
      hold(page.damaged === 0, `at ${step}: ${page.damaged} damaged`);
      hold(numbers.length === next * SEAL_FAULT.rows && numbers.every((number, i) => number === i), `at ${step}: unit ${unit} has ${numbers.length} messages of ${next * SEAL_FAULT.rows}, ${new Set(numbers).size} different`);
      hold(page.rows.every((row) => row.values[0] === row.number / 10), `at ${step}: a value is another`);
      for (const row of [page.rows[0], page.rows.at(-1)]) hold(row === undefined || (await store.raw(row.sequence))?.payload[0] === row.number % 256, `at ${step}: the payload of message ${row?.number} is another`);
    }
    return next;
  } finally {
    store.close();
  }
}

/** F1 at the named steps of sealing and dropping. */
export const killSealing: Fault = {
  name: 'seal',
  describe: 'kill -9 at every step of sealing and dropping: no stored message is lost, none comes twice, the database is sound',
  async run({ scale, seed, say }) {
    const rounds = Math.max(STEPS.length, Math.round(USUAL * scale));
    const random = new SeededRandom(seed);
    const folder = mkdtempSync(join(tmpdir(), 'seal-'));
    try {
      let hour = 0;
      for (let round = 0; round < rounds; round++) {
        const step = STEPS[round % STEPS.length] as SealStep;
        const durable = await runChild(folder, step, 1 + random.below(6), hour);
        hour = await check(folder, durable, step);
        // A page of the check holds so many rows; further rounds begin anew.
        if (hour * SEAL_FAULT.rows < 15_000) continue;
        rmSync(folder, { recursive: true, force: true });
        hour = 0;
      }
      say(`${rounds} kills, the last at hour ${hour}`);
      return `${rounds} kills at ${STEPS.length} steps`;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
