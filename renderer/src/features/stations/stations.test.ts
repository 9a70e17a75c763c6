import { afterEach, expect, test } from 'vitest';
import { defineComponent, effectScope, h, ref } from 'vue';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER, type Mounted } from '#renderer/test-support/mount-with-shell.ts';
import { currentLocale } from '#renderer/ui/messages/locale.ts';
import SlotTable from './components/SlotTable.vue';
import { useReturnedSoc } from './use-returned-soc.ts';
import { useStations } from './use-slots.ts';

const STATION = '00000000-0000-4000-8000-000000000001';
const slotRow = (bmsId: string) => ({ id: `00000000-0000-4000-8000-0000000000${bmsId.length}0`, revision: 1, createdAt: 0, updatedAt: 0, values: { stationId: STATION, slot: 1, bmsId, soc: 40, state: 'Ready' as const }, joined: {} });
const stationRow = (name: string) => ({ id: STATION, revision: 1, createdAt: 0, updatedAt: 0, values: { name, locationId: STATION, address: 'A', latitude: 1, longitude: 2, slots: 4, status: 'Closed' as const }, joined: {} });
const soc = (value: number, time: number) => ({ asOf: time, parameter: Uint16Array.of(258), value: Float64Array.of(value), time: Float64Array.of(time), texts: [] });
const catalogue = () => ({ parameters: [{ number: 258, key: 'soc', label: 'SoC', unit: '%', group: 'BMS' as const, kind: 'number' as const, decimals: 0 }] });

let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.wrapper.unmount();
  mounted = undefined;
  currentLocale.value = 'en';
  document.body.innerHTML = '';
});

test('the stations follow changes, and several at once ask again once', async () => {
  let name = 'Swap Point';
  const rpc = createFakeRpc({ 'station.list': () => ({ total: 1, rows: [stationRow(name)] }), 'stationSlot.list': () => ({ total: 1, rows: [slotRow('BmsA')] }) });
  const scope = effectScope();
  const found = scope.run(() => useStations(rpc));
  await settle();
  name = 'Swap Point North';
  const before = rpc.calls.length;
  for (let i = 0; i < 5; i++) rpc.push('resources.changes', { changes: [{ resource: 'station', ids: [STATION], more: false }] });
  await settle(5);
  expect(found?.value.value?.[0]?.row.values.name).toBe('Swap Point North');
  expect(rpc.calls.length - before).toBe(4);
  scope.stop();
  expect(rpc.openStreams).toEqual([]);
});

test('the batteries of a station follow a swap', async () => {
  let battery = 'BmsFull';
  const rpc = createFakeRpc({ 'stationSlot.list': () => ({ total: 1, rows: [slotRow(battery)] }) });
  mounted = await mountWithShell(SlotTable, { rpc, user: USER, props: { stationId: STATION } });
  await settle(5);
  expect(mounted.wrapper.text()).toContain('BmsFull');
  battery = 'BmsEmpty';
  rpc.push('resources.changes', { changes: [{ resource: 'station-slot', ids: [STATION], more: false }] });
  await settle(5);
  expect(mounted.wrapper.text()).toContain('BmsEmpty');
});

test('the SoC of the returned battery is suggested by the vehicle, and what was entered stays until another vehicle is chosen', async () => {
  const rpc = createFakeRpc({ 'catalogue.parameters': catalogue });
  const vehicle = ref<string>();
  let returned: ReturnType<typeof useReturnedSoc> | undefined;
  mounted = await mountWithShell(defineComponent({ setup: () => ((returned = useReturnedSoc(rpc, () => vehicle.value)), () => h('p', `${returned?.soc.value ?? 'none'} ${returned?.hint.value}`)) }), { rpc, user: USER });
  const shown = (): string => mounted?.wrapper.text() ?? '';
  await settle();
  expect(shown()).toBe('none Suggested once the vehicle is chosen.');
  vehicle.value = 'v1';
  await settle();
  rpc.push('vehicle.parameters', soc(17.6, Date.now() - 210_000));
  await settle();
  expect(shown()).toBe('18 Last reported by the vehicle: 18 % (3 minutes ago).');
  returned?.enter(25);
  rpc.push('vehicle.parameters', soc(16, Date.now()));
  await settle();
  expect(shown()).toMatch(/^25 Last reported by the vehicle: 16 %/);
  returned?.enter(undefined);
  await settle();
  expect(shown()).toMatch(/^none /);
  vehicle.value = 'v2';
  await settle();
  rpc.push('vehicle.parameters', soc(104, Date.now()));
  await settle();
  expect(shown()).toMatch(/^100 /);
});

test('a vehicle that never reported a SoC suggests none', async () => {
  const rpc = createFakeRpc({ 'catalogue.parameters': catalogue });
  let returned: ReturnType<typeof useReturnedSoc> | undefined;
  mounted = await mountWithShell(defineComponent({ setup: () => ((returned = useReturnedSoc(rpc, () => 'v1')), () => h('p', returned?.hint.value)) }), { rpc, user: USER });
  await settle();
  rpc.push('vehicle.parameters', { asOf: 1, parameter: new Uint16Array(), value: new Float64Array(), time: new Float64Array(), texts: [] });
  await settle();
  expect([returned?.soc.value, mounted.wrapper.text()]).toEqual([undefined, 'The vehicle has reported none. Read it from the battery, or leave it empty.']);
});
