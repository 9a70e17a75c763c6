import { createDecoder } from '#shared/domain/telemetry/decode/decoder.ts';
import { parseDbc } from '#shared/domain/telemetry/dbc/parse.ts';
import { fleetDatabases, largeDbc, publishedDatabases } from './decode-databases.ts';
import { candiedPass, ownPass } from './decode-subjects.ts';
import { parseAll, randomTraffic, type Traffic } from './decode-traffic.ts';
import { measureRate } from './measure.ts';
import { judge, type Bench, type BenchContext, type BenchResult } from './types.ts';

const MILLION = 1e6;
/** Beyond the caches of branch predictors, within those of data. */
const FRAMES = 8192;
const LARGE = 384 * 1024;

export const decodeBench: Bench = {
  name: 'decode',
  describe: 'CAN frames to physical values, against npm candied and the interpreter of the same run',
  run(context) {
    const fleet = fleetDatabases();
    const one = fleet.slice(0, 1);
    return [...loadFigures(context), ...decodeFigures(context, 'one DBC', one, 60), ...decodeFigures(context, `mixed fleet of ${fleet.length}`, fleet, 40), ...publishedFigures(context)];
  },
};

/** First of all, while nothing is warm: a file is loaded once. */
function loadFigures(context: BenchContext): BenchResult[] {
  context.say('loading a DBC of 384 kB');
  const text = new TextEncoder().encode(largeDbc(LARGE));
  const start = performance.now();
  const decoder = createDecoder(parseDbc(text).database);
  const values = new Float64Array(decoder.maximumSignals);
  const present = new Uint16Array(decoder.maximumSignals);
  const view = new DataView(new ArrayBuffer(64));
  for (const message of decoder.messages) message.decode(view, 0, message.message.length, values, present);
  const milliseconds = performance.now() - start;
  return [judge({
    name: `load ${Math.round(text.length / 1024)} kB, cold`, value: milliseconds, unit: 'ms', goals: [{ of: 'value', atMost: 200 }],
    note: `parse, then compile all ${decoder.messages.length} messages, ${decoder.signals.length} signals`,
  })];
}

function decodeFigures(context: BenchContext, name: string, sources: readonly { readonly text: string }[], goal: number): BenchResult[] {
  const texts = sources.map(({ text }) => text);
  const databases = parseAll(texts);
  const traffic = randomTraffic(databases, FRAMES, 7);
  const rate = (what: string, pass: () => number): number => {
    context.say(`${name}, ${what}`);
    return measureRate(context, pass).best / MILLION;
  };
  const candied = rate('candied', candiedPass(texts, traffic));
  const interpreted = rate('interpreted', ownPass(databases, traffic, 'interpreted'));
  const compiled = rate('compiled', ownPass(databases, traffic, 'compiled'));
  const unit = 'M signals/s';
  return [
    judge({ name: `${name}, compiled`, value: compiled, unit, baseline: { name: 'candied', value: candied }, goals: [{ of: 'ratio', atLeast: 100 }, { of: 'value', atLeast: goal }], note: `${signalsPerFrame(databases, traffic)} signals a frame` }),
    judge({ name: `${name}, compiled`, value: compiled, unit, baseline: { name: 'interpreted', value: interpreted } }),
  ];
}

/** Real files, where the machine has them; candied cannot load them all. */
function publishedFigures(context: BenchContext): BenchResult[] {
  const sources = publishedDatabases();
  if (sources.length === 0) return [];
  const databases = parseAll(sources.map(({ text }) => text));
  const traffic = randomTraffic(databases, FRAMES, 9);
  context.say(`${sources.length} published DBC files`);
  const interpreted = measureRate(context, ownPass(databases, traffic, 'interpreted')).best / MILLION;
  const compiled = measureRate(context, ownPass(databases, traffic, 'compiled')).best / MILLION;
  return [judge({ name: `${sources.length} published files, compiled`, value: compiled, unit: 'M signals/s', baseline: { name: 'interpreted', value: interpreted }, note: `${signalsPerFrame(databases, traffic)} signals a frame` })];
}

function signalsPerFrame(databases: ReturnType<typeof parseAll>, traffic: Traffic): string {
  return (ownPass(databases, traffic, 'interpreted')() / traffic.count).toFixed(1);
}
