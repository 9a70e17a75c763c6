import './guard.ts';
import { parseArgs } from 'node:util';
import { killBroker } from './faults/broker.ts';
import { clocks } from './faults/clocks.ts';
import { diskFull } from './faults/disk-full.ts';
import { disorder } from './faults/disorder.ts';
import { flips } from './faults/flips.ts';
import { killIngest } from './faults/kill.ts';
import { malformed } from './faults/malformed.ts';
import { killSealing } from './faults/seal.ts';

const FAULTS = [killIngest, killSealing, killBroker, diskFull, flips, clocks, disorder, malformed];
const USAGE = `usage: npm run faults [-- NAME… --scale X --seed N]

Does to the product what happens in the field, and checks what it promises.
--scale X  X times the usual amount (default 1)    --seed N  another sequence of faults

${FAULTS.map(({ name, describe }) => `${name.padEnd(12)} ${describe}`).join('\n')}`;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { scale: { type: 'string', default: '1' }, seed: { type: 'string' }, help: { type: 'boolean' } } });
const unknown = positionals.filter((name) => !FAULTS.some((fault) => fault.name === name));
const scale = Number(values.scale);
if (values.help) console.log(USAGE);
else if (unknown.length > 0 || !(scale > 0)) {
  console.error(`${unknown.length > 0 ? `No such fault: ${unknown.join(', ')}.` : '--scale is a number above 0.'}\n\n${USAGE}`);
  process.exitCode = 2;
} else {
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  for (const fault of FAULTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
    console.log(`${fault.name}, seed ${seed}: ${fault.describe}`);
    try {
      const told = await fault.run({ scale, seed, say: (line) => console.log(`  … ${line}`) });
      console.log(told.startsWith('skipped') ? `  NOT TRIED: ${told}` : `  held: ${told}`);
    } catch (error) {
      console.log(`  BROKEN: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
}
