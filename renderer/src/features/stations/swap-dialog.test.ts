import { afterEach, expect, test } from 'vitest';
import { defineComponent, h, ref } from 'vue';
import { provideFleet } from '#renderer/live/use-fleet.ts';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER, type Mounted } from '#renderer/test-support/mount-with-shell.ts';
import SlotTable from './components/SlotTable.vue';
import SwapDialog from './components/SwapDialog.vue';

let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.wrapper.unmount();
  document.body.innerHTML = '';
});
const slotOf = (id: string, bmsId: string) => ({ id, revision: 1, createdAt: 0, updatedAt: 0, values: { stationId: 's', slot: 1, bmsId, soc: 96, state: 'Ready' }, joined: { station: 'Delhi' } }) as never;

test('the dialog names the slot it was opened for, whatever answer comes last, and keeps no SoC of the time before', async () => {
  const answers = new Map<string, () => void>();
  const rpc = createFakeRpc({ 'stationSlot.get': ({ id }) => new Promise((resolve) => answers.set(id, () => resolve(slotOf(id, `Bms-${id}`)))) });
  const shown = ref(false);
  const slot = ref('a');
  const Page = defineComponent({ setup: () => (provideFleet(rpc), () => h(SwapDialog, { modelValue: shown.value, slotId: slot.value })) });
  mounted = await mountWithShell(Page, { rpc, user: USER });
  const open = async (slotId: string): Promise<void> => {
    [shown.value, slot.value] = [false, slotId];
    await settle(5);
    shown.value = true;
    await settle(5);
  };
  const soc = () => document.querySelector<HTMLInputElement>('.el-input-number input')!;
  await open('a');
  soc().value = '45';
  soc().dispatchEvent(new Event('change'));
  await settle(5);
  await open('b');
  expect(soc().value).toBe('');
  answers.get('b')?.();
  answers.get('a')?.();
  await settle(5);
  expect(document.body.textContent).toContain('Bms-b goes into the vehicle');
});

test('the batteries of a station are read again when one is swapped, and what was wrong is forgotten', async () => {
  const rpc = createFakeRpc();
  mounted = await mountWithShell(SlotTable, { rpc, user: USER, props: { stationId: 's' } });
  await settle(5);
  expect(mounted.wrapper.find('[role="alert"]').exists()).toBe(true);
  rpc.answer({ 'stationSlot.list': () => ({ total: 1, rows: [slotOf('a', 'Bms-new')] }) });
  rpc.push('resources.changes', { changes: [{ resource: 'station-slot', ids: ['a'], more: false }] });
  await settle(5);
  expect(mounted.wrapper.find('[role="alert"]').exists()).toBe(false);
  expect(mounted.wrapper.text()).toContain('Bms-new');
});
