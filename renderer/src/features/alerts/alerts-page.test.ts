import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { defineComponent, h } from 'vue';
import { provideAlerts } from '#renderer/live/use-alerts.ts';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER } from '#renderer/test-support/mount-with-shell.ts';
import { useRpc } from '#renderer/app/shell.ts';
import type { AlertRow, AlertSummary } from '#shared/contract/alerts.ts';
import type { InputOf } from '#shared/contract/index.ts';
import AlertsPage from './pages/AlertsPage.vue';

// The whole page is mounted for every test: seconds where the machine is busy.
vi.setConfig({ testTimeout: 30_000 });

const NOW = Date.now();
const OPERATOR = { ...USER, permissions: [...USER.permissions, 'alerts.work'] };
const ADMIN = { ...USER, permissions: [...USER.permissions, 'alerts.work', 'alerts.manage'] };

const row = (n: number, change: Partial<AlertRow> = {}): AlertRow => ({
  alertId: `a${n}`, ruleId: 'r1', ruleVersion: 1, name: 'Low SoC', tab: 'smart', severity: 'high', state: 'active', vehicleId: `v${n}`, vin: `MXEV${String(n).padStart(5, '0')}`, model: 'Sprint', customer: 'Nilgai', city: 'Pune',
  raisedAt: NOW - n * 60_000, receivedAt: NOW, lastOccurrenceAt: NOW, occurrences: 1, comments: 0, stale: false, ...change,
});
const none = { open: 0, unacknowledged: 0, critical: 0, high: 0, low: 0 };
const summary = (revision: number, change: Partial<AlertSummary> = {}): AlertSummary => ({
  revision, asOf: NOW, tabs: { smart: { ...none, open: 3, unacknowledged: 3, high: 3 }, bms: none, mcu: none, charger: none, vcu: none }, shelved: 1, suppressed: 0, stale: 0, bell: 0, flood: { active: false, inTenMinutes: 0 }, newest: [], ...change,
});

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1200);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(400);
});
let unmount: () => void = () => undefined;
afterEach(() => {
  unmount();
  vi.restoreAllMocks();
  document.body.innerHTML = '';
});

async function open(options: { total?: number; user?: typeof USER; path?: string; answers?: Parameters<typeof createFakeRpc>[0] } = {}) {
  const total = options.total ?? 3;
  const rpc = createFakeRpc({
    'alerts.list': ({ offset, limit }) => ({ revision: 1, asOf: NOW, total, rows: Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, i) => row(offset + i)) }),
    'alerts.newSince': ({ revision }) => ({ revision: revision + 1, added: 2, changed: 0 }),
    'alerts.charts': () => ({ perDay: [], top: [], byLocation: [], otherLocations: 0 }),
    'alertTabs.get': () => ({ tabs: ['smart', 'bms', 'mcu', 'charger', 'vcu'], byCustomer: [] }),
    'fleet.directory': () => ({ epoch: 'e', revision: 1, vehicles: [], cities: [], customers: [] }),
    'catalogue.parameters': () => ({ parameters: [] }),
    'preferences.get': () => ({}),
    'preferences.set': () => ({}),
    ...options.answers,
  });
  const Root = defineComponent({ setup: () => (provideAlerts(useRpc(), true), () => h(AlertsPage)) });
  const mounted = await mountWithShell(Root, { rpc, user: options.user ?? OPERATOR, path: options.path ?? '/', info: { workspace: 'local' } });
  unmount = () => mounted.wrapper.unmount();
  rpc.push('alerts.summary', summary(1));
  await settle(20);
  const lists = (): InputOf<'alerts.list'>[] => rpc.calls.filter(({ name }) => name === 'alerts.list').map(({ input }) => input as InputOf<'alerts.list'>);
  const rows = (): string[] => [...document.querySelectorAll('.el-table-v2__row')].map((element) => element.textContent?.replace(/\s+/g, ' ').trim() ?? '');
  const key = async (...keys: string[]): Promise<void> => {
    for (const one of keys) {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: one, bubbles: true }));
      await settle(2);
    }
  };
  const button = (text: string | RegExp) => mounted.wrapper.findAll('button').find((one) => (typeof text === 'string' ? one.text() === text : text.test(one.text())));
  return { ...mounted, rpc, lists, rows, key, button };
}

test('the page begins with open Smart alerts of the last seven days, readable as rows', async () => {
  const { lists, rows, wrapper } = await open();
  const { filter, sort } = lists()[0]!;
  expect([filter.tab, filter.show, sort]).toEqual(['smart', 'open', undefined]);
  expect(Math.round((NOW - filter.from!) / 86_400_000)).toBe(7);
  expect(rows()[1]).toContain('High');
  for (const text of ['Low SoC', 'MXEV00001', 'Sprint', '1 min', 'Active', 'Pune', 'Nilgai']) expect(rows()[1]).toContain(text);
  expect(wrapper.find('[role="tab"][aria-selected="true"]').text()).toContain('(3)');
});

test('without alerts it says so in the words of the manual', async () => {
  const { wrapper } = await open({ total: 0 });
  expect(wrapper.text()).toContain('No alerts available at the moment');
});

test('nothing is asked while filters are typed; Apply runs them and the address keeps them', async () => {
  const { wrapper, lists, router } = await open();
  const before = lists().length;
  await wrapper.find('input[aria-label="VIN or alert name"]').setValue('MXEV00002');
  await settle(250);
  expect(lists().length).toBe(before);
  await wrapper.find('form.alert-filters').trigger('submit');
  await settle(20);
  expect(lists().at(-1)?.filter.search).toBe('MXEV00002');
  expect(router.currentRoute.value.query['search']).toBe('MXEV00002');
});

test('what rises waits behind "N new" until it is asked for', async () => {
  const { rpc, lists, button } = await open();
  const before = lists().length;
  rpc.push('alerts.summary', summary(2));
  await settle(1100);
  expect(lists().length).toBe(before);
  await button(/2 new/)?.trigger('click');
  await settle(20);
  expect(lists().length).toBe(before + 1);
  expect(button(/new/)).toBeUndefined();
});

test('real time, once on, follows by itself and cannot be clicked off', async () => {
  const { rpc, lists, wrapper } = await open();
  const toggle = wrapper.find('button[aria-label="Real-time notification"]');
  await toggle.trigger('click');
  await toggle.trigger('click');
  expect(toggle.attributes('aria-pressed')).toBe('true');
  await settle(1100);
  const before = lists().length;
  rpc.push('alerts.summary', summary(3));
  await settle(1100);
  expect(lists().length).toBe(before + 1);
});

test('A acknowledges the current row at once, before the core has answered', async () => {
  let answer: (result: { done: number; refused: [] }) => void = () => undefined;
  const { rpc, rows, key } = await open({ answers: { 'alerts.acknowledge': () => new Promise((resolve) => (answer = resolve)) } });
  await key('j', 'j', 'a');
  expect(rpc.calls.at(-1)).toEqual({ name: 'alerts.acknowledge', input: { alertIds: ['a1'] } });
  expect(rows()[1]).toContain('Acknowledged');
  expect(rows()[0]).toContain('Active');
  answer({ done: 1, refused: [] });
});

test('an acknowledgement that is refused is taken back and explained', async () => {
  const { rows, key, toasts } = await open({ answers: { 'alerts.acknowledge': ({ alertIds }) => ({ done: 0, refused: [{ alertId: alertIds[0]!, reason: 'Somebody cleared it.' }] }) } });
  await key('j', 'a');
  expect(rows()[0]).toContain('Active');
  expect(toasts.items.map(({ text }) => text)).toEqual(['Somebody cleared it.']);
});

test('with rows ticked by X the act is for all of them', async () => {
  const { rpc, key } = await open({ answers: { 'alerts.acknowledge': ({ alertIds }) => ({ done: alertIds.length, refused: [] }) } });
  await key('j', 'x', 'j', 'x', 'a');
  expect(rpc.calls.find(({ name }) => name === 'alerts.acknowledge')?.input).toEqual({ alertIds: ['a0', 'a1'] });
});

test('clearing needs a comment; while the condition holds an administrator may force it', async () => {
  const asked: InputOf<'alerts.clear'>[] = [];
  const { key } = await open({
    user: ADMIN,
    answers: { 'alerts.clear': (input) => (asked.push(input), input.force === true ? { done: 1, refused: [] } : { done: 0, refused: [{ alertId: 'a0', reason: 'The condition still holds.' }] }) },
  });
  await key('j', 'c');
  await settle(20);
  const dialog = (): HTMLElement => document.querySelector<HTMLElement>('[role="dialog"]')!;
  const press = async (text: string): Promise<void> => {
    [...dialog().querySelectorAll('button')].find((one) => one.textContent?.trim() === text)!.click();
    await settle(20);
  };
  await press('Clear');
  expect([asked.length, dialog().textContent?.includes('Write why the alert is cleared.')]).toEqual([0, true]);
  const text = dialog().querySelector('textarea')!;
  text.value = 'Battery swapped';
  text.dispatchEvent(new Event('input'));
  await press('Clear');
  expect(dialog().textContent).toContain('The condition still holds.');
  dialog().querySelector<HTMLInputElement>('input[type="checkbox"]')!.click();
  await settle(5);
  await press('Clear by force');
  expect(asked.map(({ comment, force }) => [comment, force])).toEqual([['Battery swapped', undefined], ['Battery swapped', true]]);
});

test('in a flood Critical alerts stand singly above the groups, and a group of one is its alert', async () => {
  const { rpc, rows, wrapper } = await open({
    answers: {
      'alerts.groups': () => ({ groups: [{ ruleId: 'r1', name: 'Low SoC', tab: 'smart', severity: 'high', city: 'Pune', count: 124, unacknowledged: 100, first: row(7) }, { ruleId: 'r2', name: 'Thermal runaway', tab: 'smart', severity: 'critical', city: 'Pune', count: 1, unacknowledged: 1, first: row(8) }, { ruleId: 'r3', name: 'Over-speed', tab: 'smart', severity: 'low', city: 'Delhi', count: 1, unacknowledged: 1, first: row(9, { severity: 'low' }) }] }),
      'alerts.list': ({ filter }) => ({ revision: 1, asOf: NOW, total: 1, rows: filter.severities?.includes('critical') ? [row(8, { severity: 'critical', name: 'Thermal runaway' })] : [row(1)] }),
    },
  });
  rpc.push('alerts.summary', summary(2, { flood: { active: true, since: NOW, inTenMinutes: 125 } }));
  await settle(30);
  expect(rows()).toHaveLength(3);
  expect(rows()[2]).toContain('MXEV00009');
  expect(rows()[2]).not.toContain('first');
  expect(rows()[0]).toContain('Thermal runaway');
  expect(rows()[1]).toContain('124 alerts first MXEV00007');
  expect(wrapper.text()).toContain('125 alerts in ten minutes');
});

test('with 10,000 open alerts an act draws the rows on screen and asks for one page', async () => {
  const { key, lists, rows } = await open({ total: 10_000, answers: { 'alerts.acknowledge': () => ({ done: 1, refused: [] }) } });
  expect(rows().length).toBeLessThan(40);
  const before = lists().length;
  await key('j', 'a');
  await settle(20);
  expect(lists().length - before).toBeLessThanOrEqual(1);
  expect(rows().length).toBeLessThan(40);
});

test('who may only look has no boxes to tick and no keys to act', async () => {
  const { rpc, key, wrapper } = await open({ user: USER });
  await key('j', 'a', 'c', 's');
  expect(rpc.calls.some(({ name }) => name === 'alerts.acknowledge')).toBe(false);
  expect([wrapper.find('.grid-select').exists(), document.querySelectorAll('.el-overlay:not([style*="display: none"])').length]).toEqual([false, 0]);
});
