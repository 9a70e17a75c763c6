import './guard.ts';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startSimulator, type SimulatorStatistics } from '#electron/simulator/run.ts';
import type { TlsOptions } from '#electron/simulator/transport/session.ts';
import { loadMemory, saveMemory } from '#electron/simulator/memory-file.ts';
import { loadDemoResources } from '#electron/simulator/resources.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { textLog } from '#shared/platform-node/text-log.ts';
import { SIMULATE_USAGE, parseSimulateArguments, type SimulateArguments } from './simulate-arguments.ts';

const REPORT_EVERY = 5000;

function line(now: SimulatorStatistics, before: SimulatorStatistics, seconds: number): string {
  const { drive, wait, park, charge } = now.activities;
  const rate = Math.round((now.messages - before.messages) / seconds);
  const kilobytes = Math.round((now.bytes - before.bytes) / seconds / 1000);
  const state = now.connected === 0 ? `not connected${now.problem === undefined ? '' : ` (${now.problem})`}` : `${now.connected} of ${now.units} units connected`;
  return `${state} · ${rate} messages/s, ${kilobytes} kB/s · ${drive} driving, ${wait} standing, ${park} parked, ${charge} charging · ${now.messages} sent, ${now.late} late, ${now.dropped} dropped`;
}

/** Reads the PEM files that the options name. Throws an Error in words for a file that cannot be read. */
function tlsOf(options: SimulateArguments): TlsOptions {
  const read = (name: 'ca' | 'cert' | 'key'): Partial<Record<typeof name, string>> => {
    const file = options[name];
    if (file === undefined) return {};
    try {
      return { [name]: readFileSync(file, 'utf8') };
    } catch (cause) {
      throw new Error(`--${name}: ${file} cannot be read (${cause instanceof Error ? cause.message : String(cause)}).`, { cause });
    }
  };
  return { ...read('ca'), ...read('cert'), ...read('key'), ...(options.keyPassphrase === undefined ? {} : { passphrase: options.keyPassphrase }) };
}

async function run(options: SimulateArguments, tls: TlsOptions): Promise<void> {
  const log = textLog({ clock: systemClock, level: 'info', write: (text) => console.error(text) });
  const memory = options.state === undefined ? undefined : loadMemory(options.state, options.seed);
  const { username, password } = options;
  const credentials = username === undefined ? undefined : { username, password: password ?? '' };
  const simulator = startSimulator({
    brokerUrl: options.broker, vehicles: options.vehicles, seed: options.seed, mode: options.format, prefix: options.prefix, fleet: options.fleet, speedFactor: options.speed, backlogHours: options.backlog,
    resources: loadDemoResources(fileURLToPath(new URL('../resources', import.meta.url))), clock: systemClock, scheduler: systemScheduler, rng: systemRng, log,
    // With a user name every connection signs in as that user; without, each unit signs in with its Device ID.
    credentialsFor: (deviceId) => credentials ?? { username: deviceId, password: password ?? '' },
    gateway: credentials === undefined ? {} : { credentials },
    ...(options.interval === undefined ? {} : { interval: options.interval }),
    ...(options.connections === undefined ? {} : { connections: options.connections }),
    tls,
    ...(memory === undefined ? {} : { memory }),
  });
  let before = simulator.statistics();
  const reporting = setInterval(() => {
    const now = simulator.statistics();
    console.log(line(now, before, REPORT_EVERY / 1000));
    before = now;
  }, REPORT_EVERY);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
    if (options.duration !== undefined) setTimeout(resolve, options.duration * 1000);
  });
  clearInterval(reporting);
  if (options.state !== undefined) saveMemory(options.state, options.seed, simulator.memory());
  const end = simulator.statistics();
  await simulator.stop();
  console.log(`Stopped: ${end.messages} messages sent, ${end.late} of them late, ${end.dropped} dropped.`);
  process.exitCode = end.messages === 0 ? 1 : 0;
}

function complain(message: string): void {
  console.error(`${message}\n\n${SIMULATE_USAGE}`);
  process.exitCode = 2;
}

const parsed = parseSimulateArguments(process.argv.slice(2));
if (parsed.kind === 'help') console.log(SIMULATE_USAGE);
else if (parsed.kind === 'error') complain(parsed.message);
else {
  let tls: TlsOptions | undefined;
  try {
    tls = tlsOf(parsed.options);
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
  }
  if (tls !== undefined) await run(parsed.options, tls);
}
