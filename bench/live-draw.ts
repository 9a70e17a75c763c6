import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { connectLoad, placeKey, type FleetLoad, type LoadAccount, type Published } from './live-load.ts';
import type { Observed } from './live-observer.ts';
import { openBrowser, openContext, showTown, signIn, takeObserved } from './live-page.ts';
import { pagesProblem, startProgram } from './live-process.ts';
import { traceMainThread, type MainThread } from './live-trace.ts';
import { judge, type BenchContext, type BenchResult } from './types.ts';

const RATE = 1000;

/** The whole way: MQTT, embedded broker, core, WebSocket, page, map; 10,000 vehicles, 1,000 messages a second. */
export async function drawResults(context: BenchContext): Promise<BenchResult[]> {
  const problem = await pagesProblem(context);
  if (problem !== undefined) {
    context.say(`not measured on the map: ${problem}`);
    return [];
  }
  const vehicles = context.quick ? 1000 : 10_000;
  const folder = mkdtempSync(join(tmpdir(), 'bench-live-'));
  context.say(`a new workspace with ${vehicles} vehicles`);
  const host = startProgram('bench/live-host.ts', ['--data', folder, '--port', '0', '--vehicles', String(vehicles)]);
  let browser: Browser | undefined;
  let load: FleetLoad | undefined;
  try {
    const link = await host.link();
    const account = JSON.parse((await host.says(/^account (\{.*\})$/m))[1] ?? '{}') as LoadAccount;
    load = await connectLoad(account, vehicles, 1);
    await load.introduce();
    browser = await openBrowser();
    const page = await (await openContext(browser)).newPage();
    await signIn(page, link);
    await showTown(page, load.vin);
    context.say(`${RATE} messages/s on the map`);
    const before = await calm(browser, page, context);
    load.start(RATE);
    // What was caught up with in the beginning is no live traffic.
    await page.waitForTimeout(2000);
    await takeObserved(page);
    const seconds = context.quick ? 4 : 20;
    const graphicsBefore = await graphicsTime(browser);
    const tasks = await traceMainThread(browser, page, () => page.waitForTimeout(seconds * 1000));
    const graphics = (await graphicsTime(browser)) - graphicsBefore;
    load.pause();
    await page.waitForTimeout(1000);
    const observed = await takeObserved(page);
    return [...latency(load.published, observed), ...smoothness(tasks, before, observed, seconds), drawing(graphics, observed, seconds), memory(host.residentMegabytes(), vehicles)];
  } finally {
    await load?.stop();
    await browser?.close();
    await host.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** CPU time of the page's main thread while nothing is sent, ms per second. */
async function calm(browser: Browser, page: Page, context: BenchContext): Promise<number> {
  const seconds = context.quick ? 2 : 5;
  const { cpu } = await traceMainThread(browser, page, () => page.waitForTimeout(seconds * 1000));
  return sum(cpu) / seconds;
}

function latency(published: readonly Published[], { x, y, at, frames }: Observed): BenchResult[] {
  const sentAt = new Map(published.map((one) => [placeKey(one.lat, one.lon), one.at]));
  const delays: number[] = [];
  for (let i = 0; i < at.length; i++) {
    const sent = sentAt.get(placeKey(latitudeOf(y[i]!), x[i]! * 360 - 180));
    if (sent !== undefined) delays.push(at[i]! - sent);
  }
  delays.sort((a, b) => a - b);
  const note = `${delays.length} positions in ${frames} frames, WebGL in software, machine's load ${loadavg()[0]?.toFixed(1)}`;
  return [
    judge({ name: 'publish to drawn, median', value: quantile(delays, 0.5), unit: 'ms', note }),
    judge({ name: 'publish to drawn, p99', value: quantile(delays, 0.99), unit: 'ms', goals: [{ of: 'value', atMost: 300 }], note: 'to the end of the animation-frame callback that draws it' }),
  ];
}

function smoothness(tasks: MainThread, calmRate: number, { frames, long }: Observed, seconds: number): BenchResult[] {
  return [
    judge({ name: 'longest task of the page', value: Math.max(0, ...tasks.cpu), unit: 'ms', goals: [{ of: 'value', atMost: 50 }], note: `CPU time, ${seconds} s; by the wall's clock ${Math.max(0, ...tasks.wall).toFixed(0)} ms, ${long.length} above 50 ms` }),
    judge({ name: 'main thread per live frame', value: sum(tasks.cpu) / Math.max(1, frames), unit: 'ms', note: `CPU time; ${(sum(tasks.cpu) / seconds).toFixed(0)} ms a second, ${calmRate.toFixed(0)} while nothing is sent` }),
  ];
}

/** Without a GPU this is where the map is drawn, by the processor. */
function drawing(milliseconds: number, { frames }: Observed, seconds: number): BenchResult {
  return judge({ name: 'graphics process per live frame', value: milliseconds / Math.max(1, frames), unit: 'ms', note: `CPU time; ${(milliseconds / seconds).toFixed(0)} ms a second, ${frames} frames` });
}

/** CPU time of the browser's graphics process since its start, ms. */
async function graphicsTime(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return sum(processInfo.filter(({ type }) => type === 'GPU').map(({ cpuTime }) => cpuTime * 1000));
  } finally {
    await session.detach();
  }
}

function memory(megabytes: number, vehicles: number): BenchResult {
  return judge({ name: 'resident memory of the Node host', value: megabytes, unit: 'MB', goals: [{ of: 'value', atMost: 300 }], note: `${vehicles} vehicles, receiving, all threads` });
}

/** Latitude of a y in the Web Mercator square, degrees. */
function latitudeOf(y: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Of sorted values, by the nearest rank; NaN where there is none. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
