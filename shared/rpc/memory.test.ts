import { channelConformance } from '../testing/channel-conformance.ts';
import { memoryChannelPair } from './memory.ts';

channelConformance('in-memory', () => {
  const [client, server] = memoryChannelPair();
  return Promise.resolve({ client, server });
});
