import { parseArgs } from 'node:util';
import { simulate } from '#shared/testing/sim/simulate.ts';

/** Runs worlds of the sync simulation: `npm run sim -- --seeds N [--from S]`. Ends with 1 where one does not come right. */
const { values } = parseArgs({ options: { seeds: { type: 'string', default: '200' }, from: { type: 'string', default: '1' } } });
const from = Number(values.from);
const seeds = Number(values.seeds);
let bad = 0;
let accepted = 0;
let rejected = 0;
for (let seed = from; seed < from + seeds; seed++) {
  const result = await simulate({ seed });
  accepted += result.accepted;
  rejected += result.rejected;
  if (seeds === 1) process.stdout.write(`trace ${result.trace}\n`);
  if (result.problems.length === 0) continue;
  bad += 1;
  process.stdout.write(`seed ${seed} (npm run sim -- --seeds 1 --from ${seed}):\n  ${result.problems.slice(0, 20).join('\n  ')}\n`);
}
process.stdout.write(`${seeds} worlds, ${bad} of them wrong; ${accepted} mutations accepted, ${rejected} rejected; ${(process.cpuUsage().user / 1e6).toFixed(1)} s of CPU\n`);
process.exitCode = bad === 0 ? 0 : 1;
