import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defineComponent, h } from 'vue';
import { RouterView } from 'vue-router';
import type { ResourceChange, ResourceRow } from '#shared/contract/resource.ts';
import { AppError } from '#shared/kernel/error.ts';
import { customer } from '#shared/resources/customer.ts';
import { product } from '#shared/resources/product.ts';
import { RESOURCES } from '#shared/resources/registry.ts';
import { createFakeRpc, type FakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER, type Mounted } from '#renderer/test-support/mount-with-shell.ts';
import { coreText } from '#renderer/ui/messages/core-texts.ts';
import { currentLocale } from '#renderer/ui/messages/locale.ts';
import { resourceColumns } from './columns.ts';
import ResourcePage from './ResourcePage.vue';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const CITY = uuid(90);
const rowOf = (n: number, name: string, revision = 1) => ({ id: uuid(n), revision, createdAt: 0, updatedAt: 0, values: { name, address: 'MG Road 1', locationId: CITY, pinCode: '560001', phone: '9876543210', email: 'a@example.com' }, joined: { city: 'Bengaluru', state: 'Karnataka' } });
const changeOf = (sequence: number): ResourceChange => ({ sequence, operation: 'update', revision: 1, at: 0, by: `author ${sequence}`, what: 'Changed a customer', where: 'here', fields: [] });

// happy-dom lays nothing out; the grid needs a size to know how many rows fit.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1200);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
});
let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.wrapper.unmount();
  vi.restoreAllMocks();
  currentLocale.value = 'en';
  document.body.innerHTML = '';
});

interface Fixture {
  readonly rpc: FakeRpc;
  /** Rows as the core has them. */
  readonly rows: Map<string, ReturnType<typeof rowOf>>;
  readonly page: Mounted;
}
async function open(path = '/customers', answers: Parameters<FakeRpc['answer']>[0] = {}): Promise<Fixture> {
  const rows = new Map([rowOf(1, 'Nilgai Riders'), rowOf(2, 'Hariyali Rentals')].map((row) => [row.id, row]));
  const rpc = createFakeRpc({
    'customer.list': () => ({ total: rows.size, rows: [...rows.values()] }),
    'customer.get': ({ id }) => {
      const row = rows.get(id);
      if (!row) throw new AppError('not-found', 'This customer does not exist any more.');
      return row as unknown as ResourceRow<typeof customer.fields>;
    },
    'customer.history': () => ({ changes: [changeOf(9)], more: false }),
    'customer.options': ({ ids }) => ({ options: ids === undefined ? [] : [{ value: CITY, label: 'Bengaluru' }], more: false }),
    'preferences.get': () => ({}),
    ...answers,
  });
  const Page = defineComponent({ render: () => h(ResourcePage, { resource: customer }) });
  const page = await mountWithShell(RouterView, { rpc, user: { ...USER, permissions: ['admin.read', 'admin.write'] }, routes: [{ path: '/customers', component: Page }, { path: '/else', component: { render: () => h('p', 'elsewhere') } }], path });
  mounted = page;
  await settle(5);
  return { rpc, rows, page };
}
const everywhere = (): string => document.body.textContent ?? '';
/** Presses the button in the part of the page that a selector names. */
async function press(name: string, part = 'body'): Promise<void> {
  const button = [...document.querySelectorAll<HTMLButtonElement>(`${part} button`)].findLast((one) => one.textContent?.trim() === name && one.closest('[style*="display: none"]') === null);
  if (!button) throw new Error(`no button ${name} among ${[...document.querySelectorAll('button')].map((one) => one.textContent?.trim()).join(', ')}`);
  button.click();
  await settle(5);
}
const field = (label: string): HTMLInputElement => {
  const found = [...document.querySelectorAll('label')].find((one) => one.textContent?.startsWith(label));
  return document.getElementById(found?.getAttribute('for') ?? '') as HTMLInputElement;
};
async function enter(label: string, value: string): Promise<void> {
  const input = field(label);
  input.value = value;
  input.dispatchEvent(new Event('input'));
  await settle();
}
async function clickRow(name: string): Promise<void> {
  [...document.querySelectorAll<HTMLElement>('.el-table-v2__row')].find((row) => row.textContent?.includes(name))?.click();
  await settle(5);
}
const push = async (rpc: FakeRpc, id: string): Promise<void> => {
  rpc.push('resources.changes', { changes: [{ resource: 'customer', ids: [id], more: false }] });
  await settle(5);
};

describe('the form of a resource', () => {
  test('is left for another row or page only when the user gives up what was entered', async () => {
    const { page } = await open(`/customers?row=${uuid(1)}`);
    await press('Edit');
    await enter('Customer Name', 'Half a name');
    await clickRow('Hariyali');
    await press('Keep editing');
    expect(field('Customer Name').value).toBe('Half a name');
    const going = page.router.push('/else');
    await settle(5);
    await press('Keep editing');
    await going;
    expect(page.router.currentRoute.value.path).toBe('/customers');
    await clickRow('Hariyali');
    await press('Discard');
    expect(document.querySelector('aside h2')?.textContent).toBe('Hariyali Rentals');
  });

  test('shows at its field why the core refused it, in the language of the window', async () => {
    const reason = 'Mobile Number 9876543210 already belongs to Customer Name Nilgai. Enter another, or change Customer Name Nilgai first.';
    const refuse = () => {
      throw new AppError('conflict', reason, { field: 'name' });
    };
    await open(`/customers?row=${uuid(1)}`, { 'customer.update': refuse });
    await press('Edit');
    await enter('Customer Name', 'Nilgai Riders Club');
    await press('Save');
    await enter('Type', 'confirm');
    await press('Save', '.el-dialog');
    const input = field('Customer Name');
    const note = (): unknown[] => [input.getAttribute('aria-invalid'), document.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent];
    expect(note()).toEqual(['true', reason]);
    currentLocale.value = 'hi';
    await settle();
    expect(note()).toEqual(['true', coreText(reason, 'hi')]);
    expect(coreText(reason, 'hi')).not.toBe(reason);
    currentLocale.value = 'en';
    await settle();
    await enter('Customer Name', 'Another');
    expect(field('Customer Name').getAttribute('aria-invalid')).toBeNull();
  });

  test('of one row may still be saved while the row behind it is gone; its own row’s end is said in the form', async () => {
    const { rpc, rows } = await open(`/customers?row=${uuid(1)}`);
    await clickRow('Hariyali');
    const box = [...document.querySelectorAll<HTMLElement>('.el-table-v2__row')].find((row) => row.textContent?.includes('Nilgai'))?.querySelector<HTMLElement>('.el-checkbox');
    box?.click();
    await settle(5);
    await press('Edit', '.bar');
    expect(document.querySelector('aside h2')?.textContent).toBe('Edit Nilgai Riders');
    rows.delete(uuid(2));
    await push(rpc, uuid(2));
    expect(everywhere()).not.toContain('This row was deleted meanwhile');
    rows.delete(uuid(1));
    await push(rpc, uuid(1));
    expect(everywhere()).toContain('This row was deleted meanwhile');
  });
});

describe('the details of a row', () => {
  test('say that the row is gone', async () => {
    const { rpc, rows } = await open(`/customers?row=${uuid(1)}`);
    rows.delete(uuid(1));
    await push(rpc, uuid(1));
    expect(document.querySelector('aside [role="alert"]')?.textContent).toContain('does not exist any more');
  });

  test('show older changes once, however often they are asked for', async () => {
    const answers: (() => void)[] = [];
    await open(`/customers?row=${uuid(1)}`, {
      'customer.history': ({ before }) => (before === undefined ? { changes: [changeOf(9)], more: true } : new Promise((resolve) => answers.push(() => resolve({ changes: [changeOf(3)], more: false })))),
    });
    const older = [...document.querySelectorAll<HTMLButtonElement>('button')].find((one) => one.textContent === 'Show older changes');
    older?.click();
    older?.click();
    await settle();
    answers.forEach((answer) => answer());
    await settle(5);
    expect([...document.querySelectorAll('.history li')].map((item) => /author \d/.exec(item.textContent ?? '')?.[0])).toEqual(['author 9', 'author 3']);
  });
});

test('rows to delete are named as they were ticked last, whatever answer comes last', async () => {
  const answers = new Map<string, () => void>();
  await open('/customers', { 'customer.get': ({ id }) => new Promise((resolve) => answers.set(id, () => resolve(rowOf(id === uuid(1) ? 1 : 2, id === uuid(1) ? 'Nilgai Riders' : 'Hariyali Rentals') as unknown as ResourceRow<typeof customer.fields>))) });
  const tick = async (name: string): Promise<void> => {
    [...document.querySelectorAll<HTMLElement>('.el-table-v2__row')].find((row) => row.textContent?.includes(name))?.querySelector<HTMLElement>('.el-checkbox')?.click();
    await settle(5);
  };
  await tick('Nilgai');
  await press('Delete');
  await press('Cancel');
  await tick('Nilgai');
  await tick('Hariyali');
  await press('Delete');
  answers.get(uuid(2))?.();
  await settle(5);
  answers.get(uuid(1))?.();
  await settle(5);
  expect([...document.querySelectorAll('.el-dialog')].map((dialog) => dialog.textContent).find((text) => text?.includes('cannot be undone'))).toContain('Hariyali Rentals');
});

test('the first column of the definition stays in view, whatever a row is known by', () => {
  const shown = (resource: Parameters<typeof resourceColumns>[0]) => resourceColumns(resource).filter(({ hidden, pinned }) => hidden !== true || pinned === true);
  for (const resource of RESOURCES.filter(({ grid }) => grid !== undefined)) {
    expect(shown(resource).map(({ key }) => key)).toEqual(resource.grid);
    expect(shown(resource).filter(({ pinned }) => pinned).map(({ key }) => key)).toEqual([resource.grid?.[0]]);
  }
  expect(resourceColumns(product)[0]).toMatchObject({ key: 'telematicsId', pinned: true });
});
