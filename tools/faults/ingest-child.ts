import '../guard.ts';
import { createInterface } from 'node:readline';
import { EmbeddedReceiver } from '#core/mqtt/embedded-receiver.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { SeededRandom } from '#shared/testing/random.ts';
import { actOnce, openAlertCore } from './alert-core.ts';
import { workerEntry } from './ingest-setup.ts';

/**
 * The process that the kill fault kills: pipeline, alert service and embedded broker on the folder given. Prints when it is ready. Each line
 * that comes in has somebody act on an alert; what was done is printed once it is confirmed.
 */
const [folder = '', seed = '1'] = process.argv.slice(2);
const random = new SeededRandom(Number(seed));
const core = await openAlertCore(folder);
const receiver = new EmbeddedReceiver({ entry: workerEntry('broker'), broker: { port: 0, lan: false, topicPrefix: 'evf/1', secrets: { core: 'core', units: 'unit' } }, clock: systemClock });
await core.ingest.receive(receiver);
console.log(JSON.stringify({ port: receiver.broker?.port }));
for await (const _ of createInterface({ input: process.stdin })) {
  const deed = await actOnce(core, random);
  if (deed) console.log(JSON.stringify(deed));
}
// Whoever ran the fault is gone.
process.exit(0);
