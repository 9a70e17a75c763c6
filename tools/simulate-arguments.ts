import { parseArgs } from 'node:util';
import { MAX_DEMO_VEHICLES } from '#electron/simulator/fleet/limits.ts';
import type { FleetFormat } from '#electron/simulator/unit/unit.ts';

export const SIMULATE_USAGE = `Drives a demo fleet of fictional vehicles against an MQTT broker.

npm run simulate -- --broker URL [options]

  --broker URL         mqtt://host:1883, mqtts://…, ws://… or wss://…
  --vehicles N         size of the fleet, 1 to ${MAX_DEMO_VEHICLES} (default 50)
  --seed S             another seed, another fleet (default 1)
  --interval MS        between two reports of a vehicle on the road (default 2000; beyond 200 vehicles 10000)
  --format F           json, binary, sig or mixed (default mixed)
  --connections C      per-unit: one connection each (default up to 200 vehicles); shared: one for all
  --username U         every connection signs in as U; without it each unit signs in with its Device ID
  --password P         password of that user, or of every unit; the variable SIMULATE_PASSWORD serves as well
  --ca FILE            PEM file of the authority of the broker's certificate
  --cert FILE          PEM file of a client certificate; with --key
  --key FILE           PEM file of its private key; the variable SIMULATE_KEY_PASSPHRASE holds its passphrase where it has one
  --prefix P           first levels of the topics (default evf/1)
  --fleet F            fleet level of the topics (default demo)
  --duration S         stop after S seconds; without it, at Ctrl+C
  --state FILE         keep odometers and charge there between runs
  --backlog HOURS      begin with a past of so many hours, sent late (default 0)
  --speed X            simulated seconds per second (default 1); above 1 time stamps run ahead`;

export interface SimulateArguments {
  readonly broker: string;
  readonly vehicles: number;
  readonly seed: string;
  readonly format: FleetFormat;
  readonly interval: number | undefined;
  readonly connections: 'per-unit' | 'shared' | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly keyPassphrase: string | undefined;
  readonly prefix: string;
  readonly fleet: string;
  readonly duration: number | undefined;
  readonly state: string | undefined;
  readonly backlog: number;
  readonly speed: number;
}

export type ParsedArguments = { readonly kind: 'run'; readonly options: SimulateArguments } | { readonly kind: 'help' } | { readonly kind: 'error'; readonly message: string };

class Complaint extends Error {}

function number(name: string, text: string | undefined, least: number, most: number, whole: boolean): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < least || value > most || (whole && !Number.isInteger(value))) {
    throw new Complaint(`--${name} is a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not ${JSON.stringify(text)}.`);
  }
  return value;
}

function choice<T extends string>(name: string, text: string | undefined, choices: readonly T[]): T | undefined {
  if (text === undefined) return undefined;
  const found = choices.find((one) => one === text);
  if (found === undefined) throw new Complaint(`--${name} is one of ${choices.join(', ')}, not ${JSON.stringify(text)}.`);
  return found;
}

function brokerOf(text: string | undefined): string {
  if (text === undefined) throw new Complaint('Name the broker: --broker mqtt://host:1883');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['mqtt:', 'mqtts:', 'ws:', 'wss:'].includes(url.protocol) || url.hostname === '') throw new Complaint(`${JSON.stringify(text)} is no broker address; it looks like mqtt://host:1883.`);
  if (url.username !== '' || url.password !== '') throw new Complaint('Give user and password with --username and --password, not in the address.');
  return text;
}

function tlsOf(values: { readonly broker?: string; readonly ca?: string; readonly cert?: string; readonly key?: string }, environment: Readonly<Record<string, string | undefined>>): Pick<SimulateArguments, 'ca' | 'cert' | 'key' | 'keyPassphrase'> {
  const { ca, cert, key } = values;
  if ((cert === undefined) !== (key === undefined)) throw new Complaint('A client certificate needs its private key: give --cert and --key together.');
  if (cert !== undefined && !/^(mqtts|wss):/.test(values.broker ?? '')) throw new Complaint('A client certificate is shown over TLS only: give an address with mqtts:// or wss://.');
  return { ca, cert, key, keyPassphrase: environment['SIMULATE_KEY_PASSPHRASE'] };
}

function level(name: string, text: string, pattern: RegExp): string {
  if (!pattern.test(text)) throw new Complaint(`--${name} has characters that topics must not have: ${JSON.stringify(text)}.`);
  return text;
}

const OPTIONS = {
  broker: { type: 'string' }, vehicles: { type: 'string' }, seed: { type: 'string' }, interval: { type: 'string' }, format: { type: 'string' }, connections: { type: 'string' },
  username: { type: 'string' }, password: { type: 'string' }, ca: { type: 'string' }, cert: { type: 'string' }, key: { type: 'string' }, prefix: { type: 'string' }, fleet: { type: 'string' }, duration: { type: 'string' },
  state: { type: 'string' }, speed: { type: 'string' }, backlog: { type: 'string' }, help: { type: 'boolean', short: 'h' },
} as const;

/** What the command line asks for; never throws. `environment` may hold SIMULATE_PASSWORD. */
export function parseSimulateArguments(argv: readonly string[], environment: Readonly<Record<string, string | undefined>> = process.env): ParsedArguments {
  try {
    const { values } = parseArgs({ args: [...argv], options: OPTIONS, strict: true, allowPositionals: false });
    if (values.help === true) return { kind: 'help' };
    return {
      kind: 'run',
      options: {
        broker: brokerOf(values.broker),
        vehicles: number('vehicles', values.vehicles, 1, MAX_DEMO_VEHICLES, true) ?? 50,
        seed: values.seed ?? '1',
        format: choice('format', values.format, ['json', 'binary', 'sig', 'mixed']) ?? 'mixed',
        interval: number('interval', values.interval, 100, 3_600_000, true),
        connections: choice('connections', values.connections, ['per-unit', 'shared']),
        username: values.username,
        password: values.password ?? environment['SIMULATE_PASSWORD'],
        ...tlsOf(values, environment),
        prefix: level('prefix', values.prefix ?? 'evf/1', /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/),
        fleet: level('fleet', values.fleet ?? 'demo', /^[A-Za-z0-9._:-]{1,64}$/),
        duration: number('duration', values.duration, 1, 31_536_000, false),
        state: values.state,
        backlog: number('backlog', values.backlog, 0, 336, false) ?? 0,
        speed: number('speed', values.speed, 0.01, 1000, false) ?? 1,
      },
    };
  } catch (error) {
    return { kind: 'error', message: error instanceof Error ? error.message : String(error) };
  }
}
