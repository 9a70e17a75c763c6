import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.ts';

/** A Mosquitto process of a test or benchmark, with its own folder, port and persistence. */
export interface Mosquitto {
  readonly port: number;
  /** A second port that was free, for a listener of `lines`. */
  readonly port2: number;
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

/** So long it may take to answer, ms: a machine may be busy. */
const START_LIMIT = 60_000;
/** Another process may take a port before Mosquitto does. */
const PORTS = 5;

/**
 * Starts Mosquitto with these configuration lines after the listener's; `$FOLDER` stands for its folder, `$PORT` for a second free port,
 * which `port2` tells.
 */
export async function startMosquitto(lines: readonly string[] = ['allow_anonymous true'], options: MosquittoOptions = {}): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  let child: ChildProcess | undefined;
  let port = 0;
  let port2 = 0;

  function configure(): void {
    const configuration = [
      `listener ${port} 127.0.0.1`,
      ...lines.map((line) => line.replaceAll('$FOLDER', folder).replaceAll('$PORT', String(port2))),
      ...(options.durable === false ? [] : ['persistence true', `persistence_location ${folder}/`, 'autosave_interval 1', 'autosave_on_changes true']),
      'max_queued_messages 0',
      'user root',
    ];
    writeFileSync(join(folder, 'mosquitto.conf'), `${configuration.join('\n')}\n`);
  }
  /** False where it ended instead, as with a port that is taken. */
  async function start(): Promise<boolean> {
    const started = spawn(process.env['MOSQUITTO'] ?? '/usr/sbin/mosquitto', ['-c', join(folder, 'mosquitto.conf')], { stdio: 'ignore' });
    child = started;
    const ended = (): boolean => started.exitCode !== null || started.signalCode !== null;
    for (const from = performance.now(); performance.now() - from < START_LIMIT; ) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      if (ended()) return false;
      // Whoever answers is Mosquitto only if it still runs: another server on its port would have ended it.
      if ((await answers(port)) && !ended()) return true;
    }
    throw new Error(`Mosquitto does not answer at port ${port}`);
  }
  async function stop(signal: NodeJS.Signals): Promise<void> {
    const running = child;
    child = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    await ended;
  }
  async function restart(): Promise<void> {
    for (let attempt = 0; attempt < PORTS; attempt++) if (await start()) return;
    throw new Error(`Mosquitto ended at once on port ${port}`);
  }

  for (let attempt = 0; ; attempt++) {
    [port, port2] = [await freePort(), await freePort()];
    configure();
    if (await start()) break;
    if (attempt === PORTS) throw new Error(`Mosquitto does not start with ${join(folder, 'mosquitto.conf')}`);
  }
  return {
    port,
    port2,
    folder,
    kill: () => stop('SIGKILL'),
    restart,
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
