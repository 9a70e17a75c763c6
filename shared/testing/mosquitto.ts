import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Mosquitto process of a test or benchmark, with its own folder, port and persistence. */
export interface Mosquitto {
  readonly port: number;
  readonly folder: string;
  /** kill -9, as a crash. */
  kill(): Promise<void>;
  /** Starts it again with the same configuration. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface MosquittoOptions {
  /** Write the session store at every change, so that a kill loses nothing; default true. Far too slow for measurements. */
  readonly durable?: boolean;
}

/** Starts Mosquitto with these configuration lines after the listener's; `$FOLDER` stands for its folder. */
export async function startMosquitto(lines: readonly string[] = ['allow_anonymous true'], options: MosquittoOptions = {}): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  const port = await freePort();
  const configuration = [
    `listener ${port} 127.0.0.1`,
    ...lines.map((line) => line.replaceAll('$FOLDER', folder)),
    ...(options.durable === false ? [] : ['persistence true', `persistence_location ${folder}/`, 'autosave_interval 1', 'autosave_on_changes true']),
    'max_queued_messages 0',
    'user root',
  ];
  writeFileSync(join(folder, 'mosquitto.conf'), `${configuration.join('\n')}\n`);
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    child = spawn(process.env['MOSQUITTO'] ?? '/usr/sbin/mosquitto', ['-c', join(folder, 'mosquitto.conf')], { stdio: 'ignore' });
    for (let i = 0; i < 200; i++) {
      if (await answers(port)) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('Mosquitto did not start');
  }
  async function stop(signal: NodeJS.Signals): Promise<void> {
    const running = child;
    child = undefined;
    if (!running || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    await ended;
  }
  await start();
  return {
    port,
    folder,
    kill: () => stop('SIGKILL'),
    restart: start,
    async close() {
      await stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Certificates made with openssl for `localhost`: an authority, a server, a client. Paths of PEM files in `folder`. */
export function makeCertificates(folder: string): void {
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=Test authority', '-keyout', 'ca.key', '-out', 'ca.pem');
  writeFileSync(join(folder, 'names.cnf'), 'subjectAltName=DNS:localhost\n');
  for (const [name, subject] of [['server', '/CN=localhost'], ['client', '/CN=console']] as const) {
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', subject, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names.cnf', '-out', `${name}.pem`);
  }
  openssl('pkcs8', '-topk8', '-in', 'client.key', '-passout', 'pass:geheim', '-out', 'client-encrypted.key');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
