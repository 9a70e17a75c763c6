import { portChannel } from '#shared/rpc/message-port.ts';
import { channelConformance } from '#shared/testing/channel-conformance.ts';
import { browserPort } from './browser-port.ts';

channelConformance('browser MessagePort', () => {
  const { port1, port2 } = new MessageChannel();
  return Promise.resolve({ client: portChannel(browserPort(port1)), server: portChannel(browserPort(port2)) });
});
