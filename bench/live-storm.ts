import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { describeFleet } from '#electron/simulator/fleet/describe.ts';
import { openBrowser, openContext, showTown, signIn, takeObserved } from './live-page.ts';
import { pagesProblem, startProgram } from './live-process.ts';
import { traceMainThread } from './live-trace.ts';
import { judge, type BenchContext, type BenchResult } from './types.ts';

/** Every vehicle reports every 100 ms: what the page makes of frames that are all full. The fleet is in memory, without broker and store. */
export async function stormResults(context: BenchContext): Promise<BenchResult[]> {
  if ((await pagesProblem(context)) !== undefined) return [];
  const vehicles = context.quick ? 1000 : 10_000;
  const seconds = context.quick ? 4 : 10;
  context.say(`${vehicles} vehicles, all of them ten times a second`);
  const folder = mkdtempSync(join(tmpdir(), 'bench-storm-'));
  const host = startProgram('bench/grid-host.ts', [folder, String(vehicles), String(vehicles)]);
  let browser: Browser | undefined;
  try {
    browser = await openBrowser();
    const page = await (await openContext(browser)).newPage();
    await signIn(page, await host.link());
    await showTown(page, describeFleet({ vehicles: 1, seed: 1, now: Date.now() }).vehicles[0]?.vin ?? '');
    await page.waitForTimeout(2000);
    await takeObserved(page);
    const tasks = await traceMainThread(browser, page, () => page.waitForTimeout(seconds * 1000));
    const { frames } = await takeObserved(page);
    return [
      judge({ name: `${vehicles} vehicles × 10 Hz, longest task of the page`, value: Math.max(0, ...tasks.cpu), unit: 'ms', goals: [{ of: 'value', atMost: 50 }], note: `CPU time, ${seconds} s, ${frames} frames drawn; by the wall's clock ${Math.max(0, ...tasks.wall).toFixed(0)} ms` }),
    ];
  } finally {
    await browser?.close();
    await host.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
