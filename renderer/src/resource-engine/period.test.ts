import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { defineComponent, h } from 'vue';
import { RouterView } from 'vue-router';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { INFO, mountWithShell, settle, USER, type Mounted } from '#renderer/test-support/mount-with-shell.ts';
import { batterySwap } from '#shared/resources/station.ts';
import { daysText, readDays, readPeriod } from './period.ts';
import ResourcePage from './ResourcePage.vue';

const ZONE = 'Asia/Kolkata';
const NOON = Date.UTC(2026, 10, 24, 6, 30);
const DAY = 86_400_000;

let mounted: Mounted | undefined;
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1200);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
});
afterEach(() => {
  mounted?.wrapper.unmount();
  vi.restoreAllMocks();
  document.body.innerHTML = '';
});

test('a period up to now has no end, and yesterday has both', () => {
  const midnight = Date.UTC(2026, 10, 23, 18, 30);
  expect(readPeriod('today', NOON, ZONE)).toEqual({ from: midnight });
  expect(readPeriod('yesterday', NOON, ZONE)).toEqual({ from: midnight - DAY, to: midnight });
  expect(readPeriod('30d', NOON, ZONE)).toEqual({ from: NOON - 30 * DAY });
});

test('days of one’s own are whole days of the zone, with either end open', () => {
  const first = Date.UTC(2026, 9, 31, 18, 30);
  expect(readPeriod('2026-11-01..2026-11-02', NOON, ZONE)).toEqual({ from: first, to: first + 2 * DAY });
  expect(readPeriod('2026-11-01..', NOON, ZONE)).toEqual({ from: first });
  expect(readPeriod('..2026-10-31', NOON, ZONE)).toEqual({ to: first });
});

test.each(['', '..', 'soon', '2026-11-02..2026-11-01', '2026-13-01..', '1h', '2026-11-01'])('%j is no period', (text) => {
  expect(readPeriod(text, NOON, ZONE)).toBeUndefined();
});

test('days are written as they are read', () => {
  expect(['2026-11-01..2026-11-02', '2026-11-01..', '..2026-11-02'].map((text) => daysText(readDays(text) ?? { from: '', to: '' }))).toEqual(['2026-11-01..2026-11-02', '2026-11-01..', '..2026-11-02']);
});

test('battery swaps are filtered by vehicle and by days, which the address keeps and clearing takes back', async () => {
  const rpc = createFakeRpc({
    'batterySwap.list': () => ({ total: 0, rows: [] }),
    'batterySwap.options': () => ({ options: [], more: false }),
    'preferences.get': () => ({}),
  });
  const Page = defineComponent({ render: () => h(ResourcePage, { resource: batterySwap }) });
  const vehicle = '00000000-0000-4000-8000-000000000007';
  mounted = await mountWithShell(RouterView, { rpc, user: { ...USER, permissions: ['admin.read'] }, info: { ...INFO, timeZone: ZONE }, routes: [{ path: '/swaps', component: Page }], path: `/swaps?productId=${vehicle}&at=2026-11-01..2026-11-02` });
  await settle(5);
  const first = Date.UTC(2026, 9, 31, 18, 30);
  const asked = () => rpc.calls.findLast(({ name }) => name === 'batterySwap.list')?.input as { filter?: unknown; range?: unknown };
  expect(asked()).toMatchObject({ filter: { productId: [vehicle] }, range: { at: { from: first, to: first + 2 * DAY } } });
  expect([...document.querySelectorAll('.chip')].map((chip) => chip.textContent)).toContain('Time 01-Nov-2026 – 02-Nov-2026');
  [...document.querySelectorAll('button')].find((button) => button.textContent?.trim() === 'Clear filters')?.click();
  await settle(20);
  expect([asked().filter, asked().range, mounted.router.currentRoute.value.query]).toEqual([undefined, undefined, {}]);
});
