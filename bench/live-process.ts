import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SEMI_SPACE } from '#shared/platform-node/young-generation.ts';
import { CHROMIUM, findTool } from '#tools/system.ts';
import { buildNamed, ensureBuilt } from '#tools/builds.ts';
import type { BenchContext } from './types.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** A process that has not said what is waited for by then has failed, ms. */
const PATIENCE = 60_000;
const LINK = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/;

/** A program of this project that runs beside the bench. */
export interface Program {
  /** When it was started, on `performance.now()`. */
  readonly startedAt: number;
  /** The first match of the pattern in what it prints; rejects with all of that when it ends before. */
  says(pattern: RegExp): Promise<RegExpMatchArray>;
  /** The link that a Node host prints when it listens. */
  link(): Promise<string>;
  /** MB that are its own now (resident set). */
  residentMegabytes(): number;
  /** Processor time of all its threads since its start, ms. */
  processorTime(): number;
  /** Ends it and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a source file of the project under this Node, with memory bounded as `npm start` bounds it. */
export function startProgram(file: string, args: readonly string[]): Program {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [`--max-semi-space-size=${SEMI_SPACE}`, file, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const listeners = new Set<() => void>();
  const take = (chunk: Buffer): void => {
    output += chunk.toString();
    for (const listener of [...listeners]) listener();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const says = (pattern: RegExp): Promise<RegExpMatchArray> =>
    new Promise((resolve, reject) => {
      const finish = (): void => {
        listeners.delete(look);
        clearTimeout(limit);
      };
      const look = (): void => {
        const match = pattern.exec(output);
        if (!match) return;
        finish();
        resolve(match);
      };
      const fail = (why: string): void => {
        finish();
        reject(new Error(`${file} ${why}:\n${output}`));
      };
      const limit = setTimeout(() => fail(`did not say ${pattern}`), PATIENCE);
      listeners.add(look);
      void ended.then(() => listeners.has(look) && fail('ended'));
      look();
    });
  return {
    startedAt,
    says,
    link: async () => (await says(LINK))[0],
    residentMegabytes: () => residentMegabytes(child.pid),
    processorTime: () => processorTime(child.pid),
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await ended;
    },
  };
}

function residentMegabytes(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    // Only Linux tells it this way.
    return Number.NaN;
  }
}

/** Why no page can be measured here, or undefined; builds the pages where they are not up to date. */
export async function pagesProblem(context: BenchContext): Promise<string | undefined> {
  if (findTool(CHROMIUM) === undefined) return 'there is no Chromium on this machine';
  return (await ensureBuilt(buildNamed('web'), context.say)) ? undefined : 'the pages could not be built';
}

/** Linux tells it in hundredths of a second. */
function processorTime(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}
