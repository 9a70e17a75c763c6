import type { Browser, Page } from '@playwright/test';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Tasks of the page's main thread, ms. */
export interface MainThread {
  /** CPU time of each task. */
  readonly cpu: readonly number[];
  /** Of each task, from its begin to its end; on a busy machine it has waited in between. */
  readonly wall: readonly number[];
}

const TASK = 'ThreadControllerImpl::RunTask';

/** Runs `work` and returns what the page's main thread did meanwhile. */
export async function traceMainThread(browser: Browser, page: Page, work: () => Promise<void>): Promise<MainThread> {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { readonly traceEvents: readonly TraceEvent[] };
  const mains = new Map(traceEvents.filter((event) => event.name === 'thread_name' && event.args?.name === 'CrRendererMain').map((event) => [`${event.pid}:${event.tid}`, [] as TraceEvent[]]));
  for (const event of traceEvents) if (event.name === TASK && event.ph === 'X') mains.get(`${event.pid}:${event.tid}`)?.push(event);
  // Chromium keeps a spare renderer, which idles.
  const [busiest = []] = [...mains.values()].sort((a, b) => total(b) - total(a));
  return { cpu: busiest.map((event) => (event.tdur ?? event.dur ?? 0) / 1000), wall: busiest.map((event) => (event.dur ?? 0) / 1000) };
}

function total(events: readonly TraceEvent[]): number {
  return events.reduce((sum, { tdur, dur }) => sum + (tdur ?? dur ?? 0), 0);
}
