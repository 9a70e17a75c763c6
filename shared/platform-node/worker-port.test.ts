import { MessageChannel } from 'node:worker_threads';
import { portChannel } from '../rpc/message-port.ts';
import { channelConformance } from '../testing/channel-conformance.ts';
import { workerPort } from './worker-port.ts';

channelConformance('MessagePort', () => {
  const { port1, port2 } = new MessageChannel();
  return Promise.resolve({ client: portChannel(workerPort(port1)), server: portChannel(workerPort(port2)) });
});
