import { afterEach, expect, test } from 'vitest';
import { defineComponent, h } from 'vue';
import { VEHICLE_STATUSES } from '#shared/domain/fleet/status.ts';
import type { LiveFrame } from '#shared/contract/fleet.ts';
import { provideFleet } from '#renderer/live/use-fleet.ts';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER, type Mounted } from '#renderer/test-support/mount-with-shell.ts';
import ProductLive from './components/ProductLive.vue';

const ID = '00000000-0000-4000-8000-000000000001';
const parameterOf = (number: number, key: string, label: string, unit: string, min: number) => ({ number, key, label, unit, group: 'BMS' as const, kind: 'number' as const, decimals: 0, min, max: 100 });
const frame = (): LiveFrame => ({
  epoch: 'e', asOf: Date.now(), full: true, slot: Uint32Array.of(3), status: Uint8Array.of(VEHICLE_STATUSES.indexOf('moving')), flags: Uint8Array.of(0), signal: Uint8Array.of(20),
  lat: Float64Array.of(12), lon: Float64Array.of(77), heading: Float32Array.of(0), speed: Float32Array.of(20), soc: Float32Array.of(9), range: Float32Array.of(5), odometer: Float64Array.of(10), lastCommunication: Float64Array.of(Date.now()),
});

let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.wrapper.unmount();
  document.body.innerHTML = '';
});

async function open() {
  const rpc = createFakeRpc({
    'fleet.directory': () => ({ epoch: 'e', revision: 1, vehicles: [{ slot: 3, vehicleId: ID, vin: 'MX1', model: 'M' }], cities: [], customers: [] }),
    'catalogue.parameters': () => ({ parameters: [parameterOf(258, 'soc', 'State of charge', '%', 15), parameterOf(259, 'soh', 'State of health', '%', 70)] }),
  });
  const Page = defineComponent({ setup: () => (provideFleet(rpc), () => h(ProductLive, { vehicleId: ID })) });
  mounted = await mountWithShell(Page, { rpc, user: USER, routes: [{ path: '/vehicles/v/:id', name: 'vehicle', component: { template: '<div />' } }] });
  rpc.push('fleet.directoryChanges', { epoch: 'e', revision: 1 });
  rpc.push('fleet.live', frame());
  await settle(5);
  return { rpc, text: () => mounted?.wrapper.text().replaceAll(/\s+/g, ' ') ?? '' };
}

test('a product shows the status of its vehicle and its battery’s values, and leads to the vehicle’s page', async () => {
  const { rpc, text } = await open();
  expect(text()).toMatch(/Status ?Moving/);
  rpc.push('vehicle.parameters', { asOf: Date.now(), parameter: Uint16Array.of(258, 259), value: Float64Array.of(9, 97), time: Float64Array.of(Date.now(), Date.now()), texts: [] });
  await settle(5);
  expect(text()).toMatch(/State of charge ?9 %/);
  expect(text()).toMatch(/State of health ?97 %/);
  expect(mounted?.wrapper.findAll('.outside').map((one) => one.text())).toEqual(['9 %']);
  expect(mounted?.wrapper.find('a').attributes('href')).toBe(`/vehicles/v/${ID}`);
});

test('a vehicle that has reported nothing says so, and its values stop with the drawer', async () => {
  const { rpc, text } = await open();
  rpc.push('vehicle.parameters', { asOf: Date.now(), parameter: new Uint16Array(), value: new Float64Array(), time: new Float64Array(), texts: [] });
  await settle(5);
  expect(text()).toContain('Nothing reported yet.');
  mounted?.wrapper.unmount();
  mounted = undefined;
  expect(rpc.openStreams).not.toContain('vehicle.parameters');
});
