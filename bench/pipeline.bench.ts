import { findTool, MOSQUITTO } from '#tools/system.ts';
import { startMosquitto } from '#shared/testing/mosquitto.ts';
import { runBroker, runCanned, type Subject, type SubjectResult } from './pipeline-run.ts';
import { judge, type Bench, type BenchContext, type BenchResult } from './types.ts';

const ROUNDS = 3;
const UNIT = 'messages/s';

export const pipelineBench: Bench = {
  name: 'pipeline',
  describe: '200-byte messages from a TCP source through decode, live state and durable store, against mqtt.js that merely receives them',
  async run(context) {
    return [...(await canned(context, 1, 0.65)), ...(await canned(context, 0, 0.45)), ...(await brokers(context))];
  },
};

/** Bare and pipeline in turns, so that both meet the same machine; the best of each counts. */
async function canned(context: BenchContext, qos: 0 | 1, goal: number): Promise<BenchResult[]> {
  const total = context.quick ? 30_000 : qos === 0 ? 900_000 : 600_000;
  const results: Record<'bare' | 'pipeline', SubjectResult[]> = { bare: [], pipeline: [] };
  for (let round = 0; round < (context.quick ? 1 : ROUNDS); round++) {
    for (const subject of ['bare', 'pipeline'] as const) {
      context.say(`QoS ${qos}, ${subject}, round ${round + 1}`);
      results[subject].push(await runCanned(subject, qos, total));
    }
  }
  const best = (subject: 'bare' | 'pipeline', of: (result: SubjectResult) => number): number => Math.max(...results[subject].map(of));
  const shed = results.pipeline.reduce((sum, result) => sum + (result.shed ?? 0), 0);
  const acknowledged = qos === 1 ? 'acknowledged after a FULL commit' : `${shed} not stored`;
  return [
    judge({ name: `QoS ${qos}, ${acknowledged}`, value: best('pipeline', ({ rate }) => rate), unit: UNIT, baseline: { name: 'mqtt.js', value: best('bare', ({ rate }) => rate) }, goals: [{ of: 'ratio', atLeast: goal }], note: '52 signals, 12 parameters a message, 1,000 units, raw kept' }),
    judge({ name: `QoS ${qos}, per CPU second of the core's thread`, value: best('pipeline', ({ threadRate }) => threadRate), unit: UNIT, baseline: { name: 'mqtt.js', value: best('bare', ({ threadRate }) => threadRate) }, note: 'counts little what else the machine does' }),
    judge({ name: `QoS ${qos}, per CPU second of all threads`, value: best('pipeline', ({ processRate }) => processRate), unit: UNIT, baseline: { name: 'mqtt.js', value: best('bare', ({ processRate }) => processRate) } }),
  ];
}

async function brokers(context: BenchContext): Promise<BenchResult[]> {
  const total = context.quick ? 15_000 : 200_000;
  context.say('through the embedded broker');
  const results = [judge({ name: 'QoS 1 through the embedded broker', value: (await runBroker('embedded', 1, total)).rate, unit: UNIT, note: 'publisher, broker and pipeline on this machine' })];
  if (findTool(MOSQUITTO) === undefined) return results;
  const rateOf = async (subject: Subject): Promise<number> => {
    context.say(`through Mosquitto, ${subject}`);
    const mosquitto = await startMosquitto(['allow_anonymous true', 'max_inflight_messages 20000'], { durable: false });
    try {
      return (await runBroker(subject, 1, total, mosquitto.port)).rate;
    } finally {
      await mosquitto.close();
    }
  };
  const value = await rateOf('pipeline');
  results.push(judge({ name: 'QoS 1 through Mosquitto', value, unit: UNIT, baseline: { name: 'mqtt.js', value: await rateOf('bare') }, note: 'publisher, broker and pipeline on this machine' }));
  return results;
}
