import '../guard.ts';
import { EmbeddedReceiver } from '#core/mqtt/embedded-receiver.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { openIngest, workerEntry } from './ingest-setup.ts';

/** The process that the kill fault kills: pipeline and embedded broker on the folder and port given. Prints when it is ready. */
const [folder = '', port = '0'] = process.argv.slice(2);
const { ingest } = await openIngest(folder);
const receiver = new EmbeddedReceiver({ entry: workerEntry('broker'), broker: { port: Number(port), lan: false, topicPrefix: 'evf/1', secrets: { core: 'core', units: 'unit' } }, clock: systemClock });
await ingest.receive(receiver);
console.log(JSON.stringify({ port: receiver.broker?.port }));
