import '../guard.ts';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { batchOf } from '#core/store/telemetry/batch-builder.ts';
import type { SealStep } from '#core/store/telemetry/sealer.ts';
import { HOUR } from '#core/store/telemetry/segments.ts';
import { SqliteHistoryStore } from '#core/store/telemetry/sqlite-store.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { SEAL_FAULT } from './seal-fault.ts';

/** The process that the seal fault kills: appends, seals and drops from hour to hour, and ends itself at a step. Prints what is durable. */
const [folder = '', step = '', at = '1', from = '0'] = process.argv.slice(2);
let left = Number(at);
const store = new SqliteHistoryStore(join(folder, 'telemetry.db'), {
  rng: systemRng,
  onStep: (reached: SealStep) => {
    if (reached === step && --left === 0) process.kill(process.pid, 'SIGKILL');
  },
});
const { start, units, rows } = SEAL_FAULT;
for (let hour = Number(from); ; hour++) {
  const messages = Array.from({ length: units * rows }, (_, i) => {
    const number = hour * rows + Math.floor(i / units);
    // One in ten is of the hour before, one in twenty of the day before.
    const late = number % 20 === 7 ? 24 * HOUR : number % 10 === 3 ? HOUR : 0;
    const received = start + hour * HOUR + Math.floor(i / units) * 1000;
    return { unit: 1 + (i % units), time: received - late, deviceTime: received - late, received, number, values: [[7, number / 10]] as const, payload: Uint8Array.of(number), suffix: 3 };
  });
  await store.appendBatch(batchOf(messages), { durable: true });
  writeSync(1, `${hour}\n`);
  await store.seal(start + hour * HOUR);
  await store.drop({ before: 0, appliedThrough: store.log.last });
}
