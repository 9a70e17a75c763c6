import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { MAX_DEMO_VEHICLES } from '#electron/simulator/fleet/limits.ts';
import { workspaceKind, type WorkspaceKind } from '#shared/contract/app.ts';
import { AppError } from '#shared/kernel/error.ts';

export interface HostNodeOptions {
  readonly workspace: WorkspaceKind | undefined;
  readonly dataRoot: string | undefined;
  readonly port: number | 'any';
  readonly headless: boolean;
  readonly demo: { readonly vehicles: number; readonly seed: number; readonly simulate: boolean };
}

export const DEMO_DEFAULTS = { vehicles: 50, seed: 1, simulate: true } as const;

export const HOST_USAGE = `Options:
  --workspace demo|local   workspace to open (default: the last one, at first the demo)
  --data DIR               folder for all data (default: the usual one of this system)
  --port N                 port on 127.0.0.1 (default: 4710, or any free one)
  --headless               run without a window, around the clock
  --vehicles N             vehicles of the demo fleet, at most ${MAX_DEMO_VEHICLES} (default ${DEMO_DEFAULTS.vehicles})
  --seed S                 another demo fleet (default ${DEMO_DEFAULTS.seed})
  --no-simulator           leave the demo fleet standing still
  --help                   this text`;

/** The options of the Node host; throws AppError `invalid-input` in words that name the option. */
export function parseHostArguments(args: readonly string[]): HostNodeOptions {
  const values = read(args);
  return {
    workspace: values.workspace === undefined ? undefined : oneOf('--workspace', values.workspace),
    dataRoot: values.data === undefined ? undefined : resolve(values.data),
    port: values.port === undefined ? 'any' : count('--port', values.port, 0, 65_535),
    headless: values.headless ?? false,
    demo: {
      vehicles: values.vehicles === undefined ? DEMO_DEFAULTS.vehicles : count('--vehicles', values.vehicles, 1, MAX_DEMO_VEHICLES),
      seed: values.seed === undefined ? DEMO_DEFAULTS.seed : count('--seed', values.seed, 0, 2 ** 32 - 1),
      simulate: !values['no-simulator'],
    },
  };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        workspace: { type: 'string' },
        data: { type: 'string' },
        port: { type: 'string' },
        headless: { type: 'boolean' },
        vehicles: { type: 'string' },
        seed: { type: 'string' },
        'no-simulator': { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    throw new AppError('invalid-input', `${cause instanceof Error ? cause.message : String(cause)}\n\n${HOST_USAGE}`, undefined, { cause });
  }
}

function oneOf(option: string, value: string): WorkspaceKind {
  const kind = workspaceKind.safeParse(value);
  if (!kind.success) throw new AppError('invalid-input', `${option} is one of ${workspaceKind.options.join(', ')}, not ${value}.`);
  return kind.data;
}

function count(option: string, value: string, min: number, max: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min && number <= max)) throw new AppError('invalid-input', `${option} is a whole number from ${min} to ${max}, not ${value}.`);
  return number;
}
