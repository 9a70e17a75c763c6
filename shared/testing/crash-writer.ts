/**
 * A process that is made to be killed: opens the operations store with its writer thread, adds products without pause and
 * writes the number of each one to standard output once it was confirmed. Arguments: data folder, first number.
 */
import { openOperations } from '#core/store/operations/operations.ts';
import { SILENT_LOG } from '../kernel/ports.ts';
import { systemClock } from '../platform-node/system-clock.ts';
import { systemRng } from '../platform-node/system-rng.ts';
import { groundMutations, NODE_ID, productArgs, SYSTEM } from './master-data.ts';

const [dataFolder = '', first = '1'] = process.argv.slice(2);
const operations = await openOperations({
  dataFolder,
  workerEntry: new URL('../../electron/workers/operations-writer.ts', import.meta.url),
  clock: systemClock,
  rng: systemRng,
  log: SILENT_LOG,
  nodeId: NODE_ID,
});
await operations.commit({ principal: SYSTEM, mutations: groundMutations().map(({ id, name, args, at }) => ({ name, args, options: { id, at } }) as never) });
for (let number = Number(first); ; number += 8) {
  const batch = Array.from({ length: 8 }, (_, n) => number + n);
  await Promise.all(batch.map((n) => operations.mutate(SYSTEM, 'product.create', productArgs(n)).then(() => process.stdout.write(`${n}\n`))));
}
