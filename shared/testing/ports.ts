import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below what systems give to outgoing connections (32768 and up on Linux, 49152 elsewhere), so that none takes a port while its server is away. */
const LOWEST = 12_000;
const HIGHEST = 32_000;

/** A port of 127.0.0.1 that nothing listens on now. Somebody else may take it before it is used: start again with another where that matters. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) return port;
  }
  throw new Error('no port is free');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
