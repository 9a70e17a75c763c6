import { afterEach, expect, test } from 'vitest';
import { defineComponent, h } from 'vue';
import { RouterView } from 'vue-router';
import type { OutputOf } from '#shared/contract/index.ts';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER, type Mounted } from '#renderer/test-support/mount-with-shell.ts';
import SwapDrawer from './components/SwapDrawer.vue';

let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.wrapper.unmount();
  document.body.innerHTML = '';
});
const vehicle = { id: 'v', values: { vin: 'MX1', telematicsId: 'CEH1', communicationType: 'Cellular', modelId: 'm', batteryModel: 'b' } } as unknown as OutputOf<'product.get'>;
const unit = (telematicsId: string) => ({ unitId: telematicsId, telematicsId, deviceId: 'tcu', kind: 'VCU' }) as never;
async function open(answers: Parameters<typeof createFakeRpc>[0] = {}): Promise<Mounted> {
  const rpc = createFakeRpc({ 'swapping.units': () => ({ units: [], more: false }), 'vehicleModel.list': () => ({ total: 0, rows: [] }), ...answers });
  const Page = defineComponent({ setup: () => () => h(SwapDrawer, { vehicle }) });
  mounted = await mountWithShell(RouterView, { rpc, user: USER, routes: [{ path: '/swap', component: Page }], path: '/swap' });
  await settle(5);
  return mounted;
}
async function press(name: string): Promise<void> {
  [...document.querySelectorAll<HTMLButtonElement>('button')].find((one) => (one.textContent?.trim() || one.getAttribute('aria-label')) === name)?.click();
  await settle(5);
}

test('a reason that was typed is given up only when the user says so', async () => {
  const { wrapper } = await open();
  const drawer = wrapper.findComponent(SwapDrawer);
  await wrapper.get('input[maxlength="500"]').setValue('Unit does not start');
  await press('Close');
  await press('Keep editing');
  expect(drawer.emitted('close')).toBeUndefined();
  await press('Close');
  await press('Discard');
  expect(drawer.emitted('close')).toHaveLength(1);
});

test('the units of the last search are offered, whatever answer comes last, with the one that was chosen', async () => {
  const answers = new Map<string, () => void>();
  const { wrapper } = await open({ 'swapping.units': ({ search = '' }) => new Promise((resolve) => answers.set(search, () => resolve({ units: [unit(`CEH-${search}`)], more: false }))) });
  const select = wrapper.findComponent({ name: 'ElSelect' });
  const search = select.props('remoteMethod') as (text: string) => void;
  const offered = (): unknown[] => select.findAllComponents({ name: 'ElOption' }).map((option) => option.props('label') as unknown);
  search('one');
  search('two');
  answers.get('two')?.();
  answers.get('one')?.();
  await settle(5);
  expect(offered()).toEqual(['CEH-two']);
  select.vm.$emit('update:modelValue', 'CEH-two');
  await settle(5);
  search('three');
  answers.get('three')?.();
  await settle(5);
  expect(offered()).toEqual(['CEH-two', 'CEH-three']);
});
