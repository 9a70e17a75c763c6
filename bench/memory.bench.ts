import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { judge, type Bench, type BenchResult } from './types.ts';

const MEGABYTE = 1024 * 1024;

interface Held {
  readonly rss: number;
  readonly perVehicle: number;
  readonly dashboardPerVehicle: number;
  readonly valuesPerVehicle: number;
  readonly storedPerVehicle: number;
}

function measure(vehicles: number): Promise<Held> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [join(import.meta.dirname, 'memory-subject.ts'), String(vehicles)], (error, out) => {
      if (error) reject(error instanceof Error ? error : new Error('the subject failed'));
      else resolve(JSON.parse(out) as Held);
    });
  });
}

export const memoryBench: Bench = {
  name: 'memory',
  describe: 'what the core holds for a fleet whose vehicles have reported every parameter, with its store threads',
  async run(context) {
    const results: BenchResult[] = [];
    const sizes = context.quick ? [[1000, undefined]] as const : ([[10_000, 300], [100_000, 450]] as const);
    for (const [vehicles, goal] of sizes) {
      context.say(`${vehicles.toLocaleString('en-US')} vehicles`);
      const held = await measure(vehicles);
      const name = (what: string): string => `${vehicles.toLocaleString('en-US')} vehicles, ${what}`;
      results.push(
        judge({ name: name('resident memory of the core'), value: held.rss / MEGABYTE, unit: 'MB', ...(goal === undefined ? {} : { goals: [{ of: 'value', atMost: goal }] }), note: 'writer and one reader thread included' }),
        judge({ name: name('dashboard state'), value: held.dashboardPerVehicle, unit: 'B/vehicle', goals: [{ of: 'value', atMost: 512 }] }),
        judge({ name: name('last values'), value: held.valuesPerVehicle, unit: 'B/vehicle', goals: [{ of: 'value', atMost: 2048 }] }),
        judge({ name: name('what was stored last'), value: held.storedPerVehicle, unit: 'B/vehicle', note: 'decides what is stored next' }),
        judge({ name: name('everything on the heap'), value: held.perVehicle, unit: 'B/vehicle', note: 'the above, sequences, counters, topics' }),
      );
    }
    return results;
  },
};
