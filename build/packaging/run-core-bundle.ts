import { EventEmitter } from 'node:events';
import { pathToFileURL } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { contract } from '#shared/contract/index.ts';
import { CONTRACT_IDENTITY } from '#shared/contract/hash.ts';
import { workerPort } from '#shared/platform-node/worker-port.ts';
import { createClient } from '#shared/rpc/client.ts';
import { portChannel } from '#shared/rpc/message-port.ts';
import { MessagePortMainDouble } from '#tools/electron-double/ports.ts';

/**
 * Plays Electron for a bundled core process: `node run-core-bundle.ts ENTRY RESOURCES DATA`. Signs in to the demo through a port, asks for the
 * fleet, and writes what it learned as one JSON line.
 */
const [entry = '', resourcesFolder = '', data = ''] = process.argv.slice(2);
const parentPort = Object.assign(new EventEmitter(), {
  postMessage(message: unknown) {
    process.stderr.write(`${JSON.stringify(message)}\n`);
  },
});
Object.assign(process, { parentPort });
process.argv[2] = JSON.stringify({ version: '9.9.9', resourcesFolder, args: [`--data=${data}`, '--vehicles=5', '--workspace=demo'] });
await import(pathToFileURL(entry).href);

const { port1, port2 } = new MessageChannel();
parentPort.emit('message', { data: { kind: 'connect' }, ports: [new MessagePortMainDouble(port1)] });
const client = createClient(contract, portChannel(workerPort(port2)), CONTRACT_IDENTITY);
const { version, demoSignIn } = await client.call('app.info', {});
await client.call('auth.signIn', demoSignIn ?? { email: '', password: '' });
const { vehicles } = await client.call('fleet.directory', {});
process.stdout.write(`${JSON.stringify({ version, vehicles: vehicles.length })}\n`, () => parentPort.emit('message', { data: { kind: 'stop' }, ports: [] }));
