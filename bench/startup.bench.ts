import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from '@playwright/test';
import { describeFleet } from '#electron/simulator/fleet/describe.ts';
import type { Observed } from './live-observer.ts';
import { openBrowser, openContext, signIn, takeObserved } from './live-page.ts';
import { pagesProblem, startProgram } from './live-process.ts';
import { judge, type Bench, type BenchContext, type BenchResult } from './types.ts';

const HOST = 'bench/startup-host.ts';
/** A new workspace of 10,000 vehicles takes its time on a busy machine, ms. */
const PATIENCE = 120_000;
/** ms from the start of the process to the first pin on the map. */
const GOAL = 3000;

/** Instants of one start, ms after the process was started. */
interface Start {
  readonly listening: number;
  readonly form: number;
  readonly liveFrame: number;
  /** The first vehicles on the map: a cluster on the first page, a pin where a link leads to a vehicle. */
  readonly drawn: number;
  /** Processor time of the host until then, ms. */
  readonly processor: number;
}

export const startupBench: Bench = {
  name: 'startup',
  describe: 'from the start of the Node host to the first vehicles on the map, disk and browser warm, signing in as soon as the page asks',
  async run(context) {
    const problem = await pagesProblem(context);
    if (problem !== undefined) {
      context.say(`not measured: ${problem}`);
      return [];
    }
    const browser = await openBrowser();
    try {
      const pages = await openContext(browser);
      const port = await freePort();
      const baseline = await bareStart(context, pages, port);
      return [...(await starts(context, pages, port, 50, baseline)), ...(await starts(context, pages, port, context.quick ? 500 : 10_000, baseline))];
    } finally {
      await browser.close();
    }
  },
};

async function starts(context: BenchContext, pages: BrowserContext, port: number, vehicles: number, baseline: number): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-startup-'));
  const args = ['--data', folder, '--port', String(port), '--vehicles', String(vehicles)];
  const vin = describeFleet({ vehicles: 1, seed: 1, now: Date.now() }).vehicles[0]?.vin ?? '';
  try {
    context.say(`first start with ${vehicles} vehicles`);
    const first = await start(pages, args, '');
    const rounds = context.quick ? 1 : 3;
    context.say(`${2 * rounds} starts with ${vehicles} vehicles`);
    const clusters: Start[] = [];
    const pins: Start[] = [];
    for (let round = 0; round < rounds; round++) {
      clusters.push(await start(pages, args, ''));
      pins.push(await start(pages, args, `#/vehicles?search=${vin}`));
    }
    const all = [...clusters, ...pins];
    const split = (key: keyof Start): string => `${(median(all.map((one) => one[key])) / 1000).toFixed(2)} s`;
    const note = `listening ${split('listening')}, workspace open and page drawn ${split('form')}, first live frame ${split('liveFrame')}; ${split('processor')} of processor time in the host, load ${loadavg()[0]?.toFixed(1)}`;
    const figure = (name: string, of: readonly Start[], extra: Partial<BenchResult>): BenchResult =>
      judge({ name: `${name}, ${vehicles} vehicles`, value: median(of.map(({ drawn }) => drawn)), unit: 'ms', baseline: { name: 'bare server and page', value: baseline }, ...extra });
    return [
      figure('start to first pin', pins, { goals: [{ of: 'value', atMost: GOAL }], note }),
      figure('start to first clusters', clusters, { goals: [{ of: 'value', atMost: GOAL }] }),
      figure('very first start to clusters', [first], { note: 'new workspace: the demo is made' }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts the host, opens its link when it is printed, and looks until vehicles are on the map. */
async function start(pages: BrowserContext, args: readonly string[], hash: string): Promise<Start> {
  const begun = Date.now();
  const host = startProgram(HOST, args);
  const page = await pages.newPage();
  page.setDefaultTimeout(PATIENCE);
  try {
    const link = await host.link();
    const listening = Date.now() - begun;
    await signIn(page, link, hash);
    const wanted: 'cluster' | 'pin' = hash === '' ? 'cluster' : 'pin';
    await page.waitForFunction((key) => (window as unknown as { observed: Observed }).observed.first[key as 'pin'] !== undefined, wanted);
    const processor = host.processorTime();
    const { first } = await takeObserved(page);
    const after = (at: number | undefined): number => (at ?? Number.NaN) - begun;
    return { listening, form: after(first.form), liveFrame: after(first.liveFrame), drawn: after(first[wanted]), processor };
  } finally {
    await page.close();
    await host.stop();
  }
}

/** The same with nothing in it, ms; the best of three. */
async function bareStart(context: BenchContext, pages: BrowserContext, port: number): Promise<number> {
  context.say('a bare server with a bare page');
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const begun = Date.now();
    const server = startProgram('bench/startup-page.ts', [String(port)]);
    const page = await pages.newPage();
    try {
      await page.goto(await server.link());
      times.push(((await takeObserved(page)).first.form ?? Number.NaN) - begun);
    } finally {
      await page.close();
      await server.stop();
    }
  }
  return Math.min(...times);
}

/** The same port each time, so that the browser knows the page's files, as it does from the second start on. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? Number.NaN;
}
