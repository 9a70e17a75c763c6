import { afterEach, expect, test } from 'vitest';
import { defineComponent, h, provide, ref } from 'vue';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER, type Mounted } from '#renderer/test-support/mount-with-shell.ts';
import { DEFAULT_ACCOUNT, user } from '#shared/resources/user.ts';
import type { ResourceApi } from './api.ts';
import { apiKey } from './context.ts';
import FieldInput from './FieldInput.vue';
import { choicesFor } from './offered.ts';

let mounted: Mounted | undefined;
afterEach(() => {
  mounted?.wrapper.unmount();
  document.body.innerHTML = '';
});

test('choices are offered once each, all of them for a text that is one, and narrowed by any other', () => {
  const choices = (typed: string) => choicesFor(typed, ['Command Centre'], ['Nilgai', 'Command Centre', 'Nile']);
  expect(choices('')).toEqual(['Command Centre', 'Nilgai', 'Nile']);
  expect(choices('command centre ')).toEqual(['Command Centre', 'Nilgai', 'Nile']);
  expect(choices('nil')).toEqual(['Nilgai', 'Nile']);
  expect(choices('New')).toEqual([]);
});

test('the user account drops down the accounts in use, takes one of them, and takes a new one', async () => {
  const value = ref<unknown>(DEFAULT_ACCOUNT);
  const api = { options: async () => ({ options: [{ value: 'Nilgai Riders', label: 'Nilgai Riders' }], more: false }) } as unknown as ResourceApi;
  const Form = defineComponent({ setup: () => (provide(apiKey, api), () => h(FieldInput, { resource: user, name: 'account', modelValue: value.value, 'onUpdate:modelValue': (next: unknown) => (value.value = next) })) });
  mounted = await mountWithShell(Form, { rpc: createFakeRpc(), user: USER });
  const input = mounted.wrapper.find<HTMLInputElement>('input');
  expect(input.element.value).toBe('Command Centre');
  expect([...document.querySelectorAll('[role=combobox]')].map((one) => one.getAttribute('aria-label'))).toEqual(['User Account']);
  await input.trigger('focus');
  await input.trigger('click');
  await settle(400);
  const entries = [...document.querySelectorAll<HTMLElement>('.el-autocomplete-suggestion li')];
  expect(entries.map((entry) => entry.textContent?.trim())).toEqual(['Command Centre', 'Nilgai Riders']);
  entries[1]?.click();
  await settle(5);
  expect(value.value).toBe('Nilgai Riders');
  await input.setValue('Harbour Depot');
  expect(value.value).toBe('Harbour Depot');
});
