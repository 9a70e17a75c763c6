import { parseArgs } from 'node:util';
import { TOPIC_LEVEL_PATTERN } from '#shared/domain/telemetry/adapters/topic.ts';

export const REPLAY_USAGE = `Feeds a recorded CAN log through the console's own path, from message to store, and sums it up.

npm run replay -- LOG --dbc FILE [options]

  LOG               candump, Vector ASC, PEAK TRC, CRTD or GVRET CSV; the format is told from the content
  --dbc FILE        how to decode it; several may be given. Each bus is decoded with the files that know its ids
  --dbc BUS=FILE    for this bus only, as the log numbers it (can1 is 1)
  --device ID       Device ID to store it under (default replay)
  --speed N         N times as fast as it was recorded, or max (default)
  --store FOLDER    keep what is stored in this folder; default: a temporary one, removed at the end
  --json            the summary as JSON on standard output`;

export interface DbcArgument {
  /** Undefined: any bus. */
  readonly bus: number | undefined;
  readonly file: string;
}

export interface ReplayArguments {
  readonly log: string;
  readonly dbc: readonly DbcArgument[];
  readonly device: string;
  /** Infinity: as fast as possible. */
  readonly speed: number;
  readonly store: string | undefined;
  readonly json: boolean;
}

export type ParsedReplay = { readonly kind: 'run'; readonly options: ReplayArguments } | { readonly kind: 'help' } | { readonly kind: 'error'; readonly message: string };

const OPTIONS = {
  dbc: { type: 'string', multiple: true },
  device: { type: 'string' },
  speed: { type: 'string' },
  store: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What the command line asks for; never throws. */
export function parseReplayArguments(argv: readonly string[]): ParsedReplay {
  const error = (message: string): ParsedReplay => ({ kind: 'error', message });
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options: OPTIONS, strict: true, allowPositionals: true });
  } catch (problem) {
    return error(problem instanceof Error ? problem.message : String(problem));
  }
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help' };
  const [log] = positionals;
  if (log === undefined || positionals.length > 1) return error('Name one log file.');
  if (!values.dbc?.length) return error('Name the DBC file that the log is decoded with: --dbc FILE');
  const device = values.device ?? 'replay';
  if (!TOPIC_LEVEL_PATTERN.test(device)) return error('--device is 1 to 64 letters, digits, and . _ : -');
  const speed = values.speed === undefined || values.speed === 'max' ? Number.POSITIVE_INFINITY : Number(values.speed);
  if (!(speed > 0)) return error(`--speed is a number above 0, or max, not ${JSON.stringify(values.speed)}.`);
  return { kind: 'run', options: { log, dbc: values.dbc.map(dbcArgument), device, speed, store: values.store, json: values.json ?? false } };
}

function dbcArgument(text: string): DbcArgument {
  const [, bus, file] = /^(\d{1,2})=(.+)$/.exec(text) ?? [];
  return file === undefined ? { bus: undefined, file: text } : { bus: Number(bus), file };
}
