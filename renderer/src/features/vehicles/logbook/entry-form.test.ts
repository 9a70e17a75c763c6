import { afterEach, expect, test } from 'vitest';
import type { LogbookItem } from '#shared/contract/logbook.ts';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER, type Mounted } from '#renderer/test-support/mount-with-shell.ts';
import EntryForm from './EntryForm.vue';
import LogbookTab from './LogbookTab.vue';

let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.wrapper.unmount();
  document.body.innerHTML = '';
});
async function press(name: string, at = 0): Promise<void> {
  const button = [...document.querySelectorAll<HTMLButtonElement>('button')].filter((one) => one.textContent?.trim() === name)[at];
  if (!button) throw new Error(`no button ${name}`);
  button.click();
  await settle(5);
}

test('a comma groups the digits of kilometres, as in every form', async () => {
  const rpc = createFakeRpc({ 'logbook.add': () => ({ id: 'e' }) as never });
  mounted = await mountWithShell(EntryForm, { rpc, user: USER, props: { vehicleId: 'v', reading: undefined, corrects: undefined } });
  const { wrapper } = mounted;
  await wrapper.get('textarea').setValue('Brake pads');
  await wrapper.get('input[inputmode="decimal"]').setValue('12,345.6');
  await wrapper.get('form').trigger('submit');
  await settle(5);
  expect(rpc.calls.find(({ name }) => name === 'logbook.add')?.input).toMatchObject({ odometer: 12345.6 });
});

test('an entry is not given up for the correction of another one unless the user says so', async () => {
  const item = (id: string, text: string): LogbookItem => ({ id, source: 'entry', kind: 'repair', at: 0, author: 'Asha', text, photos: [] }) as never;
  const rpc = createFakeRpc({ 'logbook.list': () => ({ items: [item('a', 'First'), item('b', 'Second')], more: false }) as never });
  mounted = await mountWithShell(LogbookTab, { rpc, user: { ...USER, permissions: ['logbook.write'] }, props: { vehicleId: 'v' } });
  await settle(5);
  const { wrapper } = mounted;
  await press('Correct', 0);
  await wrapper.get('textarea').setValue('First, but better');
  await press('Correct', 1);
  await press('Keep editing');
  expect(wrapper.get('textarea').element.value).toBe('First, but better');
  await press('Correct', 1);
  await press('Discard');
  expect(wrapper.get('textarea').element.value).toBe('Second');
});
