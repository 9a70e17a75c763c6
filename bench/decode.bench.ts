import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { binaryPass, jsonPass, toBatches } from './decode-batches.ts';
import { fleetDatabases, publishedDatabases } from './decode-databases.ts';
import { candiedPass, ownPass } from './decode-subjects.ts';
import { parseAll, randomTraffic, type Traffic } from './decode-traffic.ts';
import { measureRate, threadTime } from './measure.ts';
import { judge, type Bench, type BenchContext, type BenchResult } from './types.ts';

const MILLION = 1e6;
/** Beyond the caches of branch predictors, within those of data. */
const FRAMES = 8192;

export const decodeBench: Bench = {
  name: 'decode',
  describe: 'CAN frames to physical values per second of CPU time of one thread, beside npm candied and the interpreter',
  run(context) {
    const fleet = fleetDatabases();
    const one = fleet.slice(0, 1);
    return [...loadFigures(context), ...decodeFigures(context, 'one DBC', one, 60), ...decodeFigures(context, `mixed fleet of ${fleet.length}`, fleet, 40), ...batchFigures(context, fleet), ...publishedFigures(context)];
  },
};

const millionsPerSecond = (context: BenchContext, pass: () => number): number => measureRate(context, pass, threadTime).best / MILLION;

interface LoadFigures {
  readonly kilobytes: number;
  readonly messages: number;
  readonly signals: number;
  /** ms of CPU time */
  readonly parse: number;
  readonly compile: number;
}

/** The fastest of five fresh processes. */
function loadFigures(context: BenchContext): BenchResult[] {
  context.say('loading a DBC of 384 kB');
  const script = join(import.meta.dirname, 'decode-load.ts');
  const runs = Array.from({ length: context.quick ? 1 : 5 }, () => JSON.parse(execFileSync(process.execPath, [script], { encoding: 'utf8' })) as LoadFigures);
  const total = ({ parse, compile }: LoadFigures): number => parse + compile;
  const [best] = runs.sort((a, b) => total(a) - total(b));
  if (best === undefined) return [];
  return [judge({
    name: `load ${best.kilobytes} kB, cold`, value: total(best), unit: 'ms', goals: [{ of: 'value', atMost: 200 }],
    note: `${Math.round(best.parse)} ms parsing, the rest compiling all ${best.messages} messages, ${best.signals} signals`,
  })];
}

function decodeFigures(context: BenchContext, name: string, sources: readonly { readonly text: string }[], goal: number): BenchResult[] {
  const texts = sources.map(({ text }) => text);
  const databases = parseAll(texts);
  const traffic = randomTraffic(databases, FRAMES, 7);
  const rate = (what: string, pass: () => number): number => {
    context.say(`${name}, ${what}`);
    return millionsPerSecond(context, pass);
  };
  const candied = rate('candied', candiedPass(texts, traffic));
  const interpreted = rate('interpreted', ownPass(databases, traffic, 'interpreted'));
  const compiled = rate('compiled', ownPass(databases, traffic, 'compiled'));
  const unit = 'M signals/s';
  return [
    judge({ name: `${name}, compiled`, value: compiled, unit, baseline: { name: 'candied', value: candied }, goals: [{ of: 'ratio', atLeast: 100 }, { of: 'value', atLeast: goal }], note: `${signalsPerFrame(databases, traffic)} signals a frame; for scale: cantools (Python) 1.1–3.5, measured elsewhere` }),
    judge({ name: `${name}, compiled`, value: compiled, unit, baseline: { name: 'interpreted', value: interpreted } }),
  ];
}

/** From the bytes of a unit's message to the last value of each signal, with a flag where it changed. */
function batchFigures(context: BenchContext, sources: readonly { readonly text: string }[]): BenchResult[] {
  const databases = parseAll(sources.map(({ text }) => text));
  const batches = toBatches(randomTraffic(databases, FRAMES, 8), databases.length);
  context.say('batches to the last-value store');
  const rate = (pass: () => number): number => millionsPerSecond(context, pass);
  const note = 'mixed fleet, every payload random';
  return [
    judge({ name: 'binary batch to last values', value: rate(binaryPass(databases, batches, 'compiled')), unit: 'M signals/s', baseline: { name: 'interpreted', value: rate(binaryPass(databases, batches, 'interpreted')) }, goals: [{ of: 'value', atLeast: 30 }], note }),
    judge({ name: 'JSON batch to last values', value: rate(jsonPass(databases, batches, false)), unit: 'M frames/s', baseline: { name: 'JSON.parse', value: rate(jsonPass(databases, batches, true)) }, goals: [{ of: 'value', atLeast: 1.2 }], note }),
  ];
}

/** Real files, where the machine has them; candied cannot load them all. */
function publishedFigures(context: BenchContext): BenchResult[] {
  const databases = parseAll(publishedDatabases().map(({ text }) => text)).filter(({ messages }) => messages.some(({ length }) => length > 0 && length <= 8));
  if (databases.length === 0) return [];
  const traffic = randomTraffic(databases, FRAMES, 9);
  context.say(`${databases.length} published DBC files`);
  const interpreted = millionsPerSecond(context, ownPass(databases, traffic, 'interpreted'));
  const compiled = millionsPerSecond(context, ownPass(databases, traffic, 'compiled'));
  return [judge({ name: `${databases.length} published files, compiled`, value: compiled, unit: 'M signals/s', baseline: { name: 'interpreted', value: interpreted }, note: `${signalsPerFrame(databases, traffic)} signals a frame` })];
}

function signalsPerFrame(databases: ReturnType<typeof parseAll>, traffic: Traffic): string {
  return (ownPass(databases, traffic, 'interpreted')() / traffic.count).toFixed(1);
}
