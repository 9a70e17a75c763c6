import { afterEach, expect, test } from 'vitest';
import type { OutputOf } from '#shared/contract/index.ts';
import { AppError } from '#shared/kernel/error.ts';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER } from '#renderer/test-support/mount-with-shell.ts';
import DbcDrawer from './components/DbcDrawer.vue';
import SignalMapEditor from './components/SignalMapEditor.vue';

const signal = { unit: 'V', start: 0, length: 16, byteOrder: 'intel', scale: 1, offset: 0, choices: 0 };
const file: OutputOf<'dbc.get'> = {
  file: { hash: 'sha256:1', fileName: 'bms.dbc', source: 'installation', addedAt: 0, bytes: 100, messages: 1, signals: 1, findings: { error: 0, warning: 0 } } as unknown as OutputOf<'dbc.get'>['file'],
  diagnostics: [],
  messages: [{ id: 256, extended: false, name: 'Pack', length: 8, signals: [{ name: 'Voltage', ...signal }] }],
};
afterEach(() => (document.body.innerHTML = ''));

const button = (text: string) => [...document.querySelectorAll('button')].find((candidate) => candidate.textContent?.trim() === text);

async function editor(answers: Parameters<typeof createFakeRpc>[0]) {
  const rpc = createFakeRpc({ 'catalogue.parameters': () => ({ parameters: [] }), ...answers });
  await mountWithShell(SignalMapEditor, { rpc, user: USER, props: { file, initial: 'bms', maps: ['bms'], mayChange: true } });
  await settle();
  return rpc;
}

test('a signal map that cannot be read is not offered as an empty one to save', async () => {
  const rpc = await editor({ 'signalMaps.get': () => Promise.reject(new AppError('unavailable', 'The store is busy.')) });
  expect(document.body.textContent).toContain('The store is busy.');
  expect(button('Save map')?.disabled).toBe(true);
  rpc.answer({ 'signalMaps.get': () => ({ signals: [{ message: 'Pack', signal: 'Voltage', parameter: 'packVoltage' }] }) });
  button('Try again')?.click();
  await settle();
  expect([document.body.textContent?.includes('Voltage'), button('Save map')?.disabled]).toEqual([true, false]);
});

test('a signal map that does not exist yet begins empty', async () => {
  await editor({ 'signalMaps.get': () => Promise.reject(new AppError('not-found', 'There is no signal map bms.')) });
  expect([document.body.textContent?.includes('Voltage'), button('Save map')?.disabled]).toEqual([true, false]);
});

test('what was mapped stays when the map gets a new name, and gives way to another stored map', async () => {
  const rpc = createFakeRpc({ 'catalogue.parameters': () => ({ parameters: [] }), 'signalMaps.get': ({ name }) => ({ signals: [{ message: 'Pack', signal: 'Voltage', parameter: `of ${name}`, notAvailable: [] }] }) });
  const { wrapper } = await mountWithShell(SignalMapEditor, { rpc, user: USER, props: { file, initial: 'bms', maps: ['bms', 'pack'], mayChange: true } });
  await settle();
  const selects = () => wrapper.findAllComponents({ name: 'ElSelect' });
  const mapped = (): unknown => selects()[1]?.props('modelValue');
  selects()[1]?.vm.$emit('update:modelValue', 'packVoltage');
  selects()[0]?.vm.$emit('update:modelValue', 'a new map');
  await settle();
  expect(mapped()).toBe('packVoltage');
  selects()[0]?.vm.$emit('update:modelValue', 'pack');
  await settle();
  expect(mapped()).toBe('of pack');
});

test('a comparison that fails says so', async () => {
  const rpc = createFakeRpc({ 'dbc.get': () => file, 'dbc.compare': () => Promise.reject(new AppError('not-found', 'That file was removed.')) });
  const list = { files: [{ ...file.file, hash: 'sha256:0000000000', fileName: 'old.dbc' }], models: [], signalMaps: [] } as unknown as OutputOf<'dbc.list'>;
  const { wrapper } = await mountWithShell(DbcDrawer, { rpc, user: USER, props: { hash: 'sha256:1', list, mayChange: false } });
  await settle();
  [...document.querySelectorAll<HTMLElement>('[role="radio"]')].find((chip) => chip.textContent?.includes('Compare'))?.click();
  await settle();
  wrapper.findComponent({ name: 'ElSelect' }).vm.$emit('update:modelValue', 'sha256:0000000000');
  await settle();
  expect(document.body.textContent).toContain('That file was removed.');
});
