import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { systemPrincipal } from '#shared/domain/access/principal.ts';
import { FLEET_COLUMNS } from '#shared/domain/fleet/columns.ts';
import { createBenchFleet, type BenchFleet } from './grid-fleet.ts';
import { openBrowser, openContext, signIn } from './live-page.ts';
import { pagesProblem, startProgram } from './live-process.ts';
import { traceMainThread } from './live-trace.ts';
import { NOW } from './live-traffic.ts';
import { measureRate, threadTime } from './measure.ts';
import { judge, type Bench, type BenchContext, type BenchResult } from './types.ts';

const PAGE = 100;
const WORD = 'bengaluru';

export const gridBench: Bench = {
  name: 'grid',
  describe: 'a page of the vehicle list, sorted and searched over the whole fleet in the core; 100,000 rows in the browser',
  async run(context) {
    const sizes = context.quick ? [1000] : [10_000, 100_000];
    return [...sizes.flatMap((vehicles) => answers(context, vehicles)), ...(await onScreen(context, context.quick ? 5000 : 100_000))];
  },
};

/** What the core needs for one answer, beside the usual way: the list of rows as objects, filtered, sorted, sliced. */
function answers(context: BenchContext, vehicles: number): BenchResult[] {
  const size = vehicles.toLocaleString('en-US');
  context.say(`${size} vehicles in the core`);
  const bench = createBenchFleet(vehicles, NOW);
  const principal = systemPrincipal('bench');
  const { cells, query } = bench;
  let now = 0;
  // A kept answer serves for a second; each of these is asked later than that.
  const ask = (filter: { search?: string }, sort?: { column: string; direction: 'asc' | 'desc' }): number => query.run(principal, filter, sort, (now += 10_000)).slice(0, PAGE).map((slot) => cells.row(slot)).length;
  const begun = threadTime();
  ask({ search: WORD });
  const first = threadTime() - begun;
  const perAnswer = (work: () => void): number =>
    1000 / measureRate({ ...context, quick: true }, () => {
      work();
      return 1;
    }, threadTime).best;
  const naive = (search: string, sortBy: string): number => perAnswer(() => void naiveAnswer(bench, search, sortBy));
  return [
    judge({ name: `${size} vehicles, sorted by charge`, value: perAnswer(() => void ask({}, { column: 'soc', direction: 'desc' })), unit: 'ms', baseline: { name: 'rows as objects', value: naive('', 'soc') } }),
    judge({ name: `${size} vehicles, searched`, value: perAnswer(() => void ask({ search: WORD })), unit: 'ms', baseline: { name: 'rows as objects', value: naive(WORD, 'vin') } }),
    judge({ name: `${size} vehicles, first search`, value: first, unit: 'ms', note: 'names the place of every vehicle; afterwards only of those that have moved' }),
  ];
}

function naiveAnswer({ fleet, cells }: BenchFleet, search: string, sortBy: string): number {
  const rows = fleet.slots(systemPrincipal('bench')).map((slot) => cells.row(slot));
  const searched = FLEET_COLUMNS.filter((column) => 'searchable' in column && column.searchable).map(({ key }) => key);
  const found = search === '' ? rows : rows.filter((row) => searched.some((key) => String(row.cells[key] ?? '').toLowerCase().includes(search)));
  found.sort((a, b) => Number(b.cells[sortBy] ?? 0) - Number(a.cells[sortBy] ?? 0));
  return found.slice(0, PAGE).length;
}

/** The list on screen while 1,000 vehicles report every second: what the page does for each refresh. */
async function onScreen(context: BenchContext, vehicles: number): Promise<BenchResult[]> {
  const problem = await pagesProblem(context);
  if (problem !== undefined) {
    context.say(`not measured on screen: ${problem}`);
    return [];
  }
  const size = vehicles.toLocaleString('en-US');
  context.say(`${size} rows on screen`);
  const folder = mkdtempSync(join(tmpdir(), 'bench-grid-'));
  const host = startProgram('bench/grid-host.ts', [folder, String(vehicles), '100']);
  let browser: Browser | undefined;
  try {
    browser = await openBrowser();
    const page = await (await openContext(browser)).newPage();
    page.setDefaultTimeout(60_000);
    await signIn(page, await host.link(), '#/vehicles/grid');
    await page.locator('.vin').first().waitFor();
    await page.waitForTimeout(3000);
    const seconds = context.quick ? 4 : 20;
    const still = await traceMainThread(browser, page, () => page.waitForTimeout(seconds * 1000));
    const scrolled = await traceMainThread(browser, page, () => scroll(page));
    const plain = await traceMainThread(browser, page, () => plainTable(page));
    return [
      judge({ name: `${size} rows on screen, longest task of an update`, value: Math.max(0, ...still.cpu), unit: 'ms', goals: [{ of: 'value', atMost: 20 }], baseline: { name: 'plain table of 1,000 rows', value: Math.max(0, ...plain.cpu) }, note: `CPU time, ${seconds} s with a refresh every two; ${(still.cpu.reduce((sum, each) => sum + each, 0) / seconds).toFixed(0)} ms a second` }),
      judge({ name: `${size} rows on screen, longest task while scrolling`, value: Math.max(0, ...scrolled.cpu), unit: 'ms', note: 'CPU time; 600 px every 100 ms' }),
    ];
  } finally {
    await browser?.close();
    await host.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function scroll(page: Page): Promise<void> {
  await page.mouse.move(700, 500);
  for (let step = 0; step < 20; step++) {
    await page.mouse.wheel(0, 600);
    await page.waitForTimeout(100);
  }
}

/** Shows a table of 1,000 plain rows in the same page. */
async function plainTable(page: Page): Promise<void> {
  await page.evaluate((columns) => {
    const box = document.createElement('div');
    box.style.cssText = 'position: fixed; inset: 0; overflow: auto';
    document.body.append(box);
    box.innerHTML = `<table>${Array.from({ length: 1000 }, (_, row) => `<tr>${Array.from({ length: columns }, (_, column) => `<td>${row} ${column}</td>`).join('')}</tr>`).join('')}</table>`;
    void box.offsetHeight;
    box.remove();
  }, FLEET_COLUMNS.length);
}
