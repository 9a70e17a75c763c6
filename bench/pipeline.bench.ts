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
    return [...(await canned(context, 1, { pipeline: 0.65, thin: 1.4 })), ...(await canned(context, 0, { pipeline: 0.45, thin: 0.5 })), ...(await brokers(context))];
  },
};

type CannedSubject = 'bare' | 'bare-thin' | 'pipeline' | 'thin';
const NAMES = { pipeline: 'mqtt.js receiver', thin: 'thin receiver' } as const;

/** All in turns, so that they meet the same machine; the best of each counts. */
async function canned(context: BenchContext, qos: 0 | 1, goals: Readonly<Record<'pipeline' | 'thin', number>>): Promise<BenchResult[]> {
  const total = context.quick ? 30_000 : qos === 0 ? 900_000 : 600_000;
  const results: Record<CannedSubject, SubjectResult[]> = { bare: [], 'bare-thin': [], pipeline: [], thin: [] };
  for (let round = 0; round < (context.quick ? 1 : ROUNDS); round++) {
    for (const subject of ['bare', 'bare-thin', 'pipeline', 'thin'] as const) {
      context.say(`QoS ${qos}, ${subject}, round ${round + 1}`);
      results[subject].push(await runCanned(subject, qos, total));
    }
  }
  const best = (subject: CannedSubject, of: (result: SubjectResult) => number): number => Math.max(...results[subject].map(of));
  const received = judge({ name: `QoS ${qos}, merely received by the thin receiver, per CPU second of the thread`, value: best('bare-thin', ({ threadRate }) => threadRate), unit: UNIT, baseline: { name: 'mqtt.js', value: best('bare', ({ threadRate }) => threadRate) } });
  const through = (['pipeline', 'thin'] as const).flatMap((subject) => {
    const shed = results[subject].reduce((sum, result) => sum + (result.shed ?? 0), 0);
    const acknowledged = qos === 1 ? 'acknowledged after a FULL commit' : `${shed} not stored`;
    return [
      judge({ name: `QoS ${qos}, ${NAMES[subject]}, ${acknowledged}`, value: best(subject, ({ rate }) => rate), unit: UNIT, baseline: { name: 'mqtt.js', value: best('bare', ({ rate }) => rate) }, goals: [{ of: 'ratio', atLeast: goals[subject] }], note: '52 signals, 12 parameters a message, 1,000 units, raw kept' }),
      judge({ name: `QoS ${qos}, ${NAMES[subject]}, per CPU second of the core's thread`, value: best(subject, ({ threadRate }) => threadRate), unit: UNIT, baseline: { name: 'mqtt.js', value: best('bare', ({ threadRate }) => threadRate) }, note: 'counts little what else the machine does' }),
      judge({ name: `QoS ${qos}, ${NAMES[subject]}, per CPU second of all threads`, value: best(subject, ({ processRate }) => processRate), unit: UNIT, baseline: { name: 'mqtt.js', value: best('bare', ({ processRate }) => processRate) } }),
    ];
  });
  return [received, ...through];
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
  const bare = await rateOf('bare');
  for (const subject of ['pipeline', 'thin'] as const) {
    results.push(judge({ name: `QoS 1 through Mosquitto, ${NAMES[subject]}`, value: await rateOf(subject), unit: UNIT, baseline: { name: 'mqtt.js', value: bare }, note: 'publisher, broker and pipeline on this machine' }));
  }
  return results;
}
