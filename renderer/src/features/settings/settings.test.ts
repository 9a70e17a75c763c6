import { defaultFeatures } from '#shared/domain/features/features.ts';
import { afterEach, expect, test } from 'vitest';
import { AppError } from '#shared/kernel/error.ts';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER } from '#renderer/test-support/mount-with-shell.ts';
import { brokerProblems, fromForm, toForm, usesTls } from './broker-form.ts';
import BrokerPage from './pages/BrokerPage.vue';
import MapPage from './pages/MapPage.vue';
import StoragePage from './pages/StoragePage.vue';
import { pemProblem } from './pem.ts';
import type { Settings } from './use-settings.ts';
import type { Storage } from './use-storage.ts';

const settings: Settings = {
  broker: { kind: 'embedded', topicPrefix: 'evf/1', fleet: '+', protocolVersion: 4, rejectUnauthorized: true },
  brokerSecrets: { password: true, key: false },
  embedded: { lan: false, port: 1883, hasPassword: false, addresses: ['192.168.1.24'], actualPort: 41_883 },
  features: defaultFeatures(true), dataFolder: '/data',
  secretStore: 'keychain',
};

afterEach(() => (document.body.innerHTML = ''));

async function page(component: object, answers: Parameters<typeof createFakeRpc>[0] = {}, user = USER) {
  const rpc = createFakeRpc({ 'settings.get': () => settings, ...answers });
  const mounted = await mountWithShell(component, { rpc, user });
  await settle();
  const button = (text: string) => [...document.querySelectorAll('button')].find((candidate) => candidate.textContent?.trim() === text);
  const click = async (text: string) => {
    button(text)?.click();
    await settle(20);
  };
  const radio = async (label: string) => {
    [...document.querySelectorAll<HTMLElement>('[role="radio"]')].find((candidate) => candidate.textContent?.includes(label))?.click();
    await settle();
  };
  const type = async (label: string, text: string) => {
    const id = [...document.querySelectorAll('label')].find((candidate) => candidate.textContent?.startsWith(label))?.htmlFor ?? '';
    const input = document.getElementById(id) as HTMLInputElement;
    input.value = text;
    input.dispatchEvent(new Event('input'));
    await settle();
  };
  return { ...mounted, rpc, button, click, radio, type };
}

test('a broker is changed only after Confirm was typed', async () => {
  const { rpc, radio, type, click, button } = await page(BrokerPage, { 'settings.setBroker': () => ({}) });
  await radio('External');
  await type('Address', 'mqtts://broker.example.com:8883');
  await click('Save and connect');
  expect(document.body.textContent).toContain('connects to mqtts://broker.example.com:8883');
  expect(button('Change broker')?.disabled).toBe(true);
  await type('Type Confirm', 'confirm');
  await click('Change broker');
  expect(rpc.calls.find((call) => call.name === 'settings.setBroker')?.input).toEqual({ broker: { ...settings.broker, kind: 'external', url: 'mqtts://broker.example.com:8883' }, secrets: {} });
});

test('an address that is none is told in place and nothing is tested', async () => {
  const { rpc, radio, type, click } = await page(BrokerPage);
  await radio('External');
  await type('Address', 'broker.example.com');
  await click('Test connection');
  expect(document.body.textContent).toContain('Enter an address that begins with');
  expect(rpc.calls.some((call) => call.name === 'settings.testBroker')).toBe(false);
});

test('a test says in words what happened', async () => {
  const { radio, type, click } = await page(BrokerPage, { 'settings.testBroker': () => ({ ok: false, text: 'The broker refused the password.', milliseconds: 41.6 }) });
  await radio('External');
  await type('Address', 'mqtts://broker.example.com');
  await click('Test connection');
  expect(document.body.textContent).toContain('The broker refused the password. (42 ms)');
});

test('a refused change keeps what was typed and says why', async () => {
  const { radio, type, click } = await page(BrokerPage, { 'settings.setBroker': () => { throw new AppError('refused', 'The key does not belong to the certificate.'); } });
  await radio('External');
  await type('Address', 'mqtts://broker.example.com');
  await click('Save and connect');
  await type('Type Confirm', 'CONFIRM');
  await click('Change broker');
  expect(document.body.textContent).toContain('The key does not belong to the certificate.');
});

test('opening the embedded broker to the network needs a password', async () => {
  const { rpc, radio, type, click } = await page(BrokerPage, { 'settings.setEmbedded': () => ({ actualPort: 1883 }) });
  await radio("The workshop's network");
  await click('Save');
  expect(document.body.textContent).toContain('Enter a password of at least 8 characters.');
  await type('Password for units', 'units-in-the-shop');
  await click('Save');
  await type('Type Confirm', 'Confirm');
  await click('Change network access');
  expect(rpc.calls.find((call) => call.name === 'settings.setEmbedded')?.input).toEqual({ embedded: { lan: true, port: 1883 }, password: 'units-in-the-shop' });
});

test('who may only read sees the settings and no buttons that change them', async () => {
  const { button, wrapper } = await page(BrokerPage, {}, { ...USER, permissions: ['settings.read'] });
  expect(wrapper.text()).toContain('Your role may see these settings and not change them.');
  expect([button('Save and connect'), button('Save')]).toEqual([undefined, undefined]);
});

test('a street map that is not there is told at its field', async () => {
  const { type, wrapper } = await page(MapPage, { 'settings.setStreetMap': () => { throw new AppError('not-found', 'There is no file at this path.'); } });
  await type('PMTiles file', '/nowhere.pmtiles');
  await wrapper.find('form').trigger('submit');
  await settle();
  expect(wrapper.find('[role="alert"]').text()).toBe('There is no file at this path.');
});

test('what the form does not touch is not sent; what is removed is an empty text', () => {
  const form = toForm({ ...settings.broker, username: 'fleet' });
  expect(fromForm(form).secrets).toEqual({});
  expect(fromForm({ ...form, password: '', username: ' ' })).toMatchObject({ secrets: { password: '' } });
  expect('username' in fromForm({ ...form, username: ' ' }).broker).toBe(false);
});

test('addresses, topics and files are checked', () => {
  const form = { ...toForm(settings.broker), kind: 'external' as const };
  for (const url of ['mqtt://localhost', 'mqtts://b.example:8883', 'wss://b.example/mqtt', ' ws://10.0.0.1 ']) expect(brokerProblems({ ...form, url }).url, url).toBeUndefined();
  for (const url of ['', 'http://b.example', 'b.example:1883', 'mqtt://']) expect(brokerProblems({ ...form, url }).url, url).toBeDefined();
  for (const topicPrefix of ['', 'evf/+', '/evf', 'evf//1', 'evf/#']) expect(brokerProblems({ ...form, url: 'mqtt://b', topicPrefix }).topicPrefix, topicPrefix).toBeDefined();
  for (const fleet of ['', 'a/b', '#', '++']) expect(brokerProblems({ ...form, url: 'mqtt://b', fleet }).fleet, fleet).toBeDefined();
  expect([usesTls('mqtts://b'), usesTls(' WSS://b'), usesTls('mqtt://b')]).toEqual([true, true, false]);
  expect([pemProblem('-----BEGIN CERTIFICATE-----'), pemProblem('hello'), pemProblem('x'.repeat(100_001))].map((problem) => problem === undefined)).toEqual([true, false, false]);
});

const storage: Storage = {
  sizes: [{ kind: 'history', bytes: 1_060_000_000 }, { kind: 'raw', bytes: 2_000_000 }],
  diskFree: 5e9,
  oldest: { points: Date.UTC(2026, 0, 5) },
  waiting: 1200,
  late: 3,
  quarantined: 0,
  retention: { rawDays: 14, pointDays: 400, rollupDays: 1830 },
  check: { state: 'never', progress: 0 },
  backup: { state: 'never', progress: 0 },
  backupFolder: '/data/backups',
};

test('keeping telemetry for less time is confirmed before it is stored', async () => {
  const { rpc, type, click } = await page(StoragePage, { 'settings.storage': () => storage, 'settings.setRetention': () => ({}) });
  expect(document.body.textContent).toContain('1.1 GB');
  const set = async (label: string, value: string) => {
    await type(label, value);
    const id = [...document.querySelectorAll('label')].find((candidate) => candidate.textContent?.startsWith(label))?.htmlFor ?? '';
    document.getElementById(id)?.dispatchEvent(new Event('change'));
    await settle();
  };
  await set('Values', '30');
  await click('Save');
  expect(rpc.calls.some((call) => call.name === 'settings.setRetention')).toBe(false);
  await type('Type Confirm', 'confirm');
  await click('Keep less');
  expect(rpc.calls.filter((call) => call.name === 'settings.setRetention').map((call) => call.input)).toEqual([{ retention: { rawDays: 14, pointDays: 30, rollupDays: 1830 } }]);
});

test('a check is started and its progress shown; who may not change settings has no button', async () => {
  let running = false;
  const answers = { 'settings.storage': () => (running ? { ...storage, check: { state: 'running' as const, progress: 0.42 } } : storage), 'settings.checkStorage': () => { running = true; return {}; } };
  const { click, wrapper } = await page(StoragePage, answers);
  await click('Check now');
  expect(document.body.textContent).toContain('Running, 42 %');
  wrapper.unmount();
  document.body.innerHTML = '';
  const other = await page(StoragePage, answers, { ...USER, permissions: ['settings.read'] });
  expect([other.button('Check now'), other.button('Back up now')]).toEqual([undefined, undefined]);
  other.wrapper.unmount();
});
