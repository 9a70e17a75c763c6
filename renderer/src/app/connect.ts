export { connectToHost } from './transport/connect-to-host.ts';
