import { afterEach, expect, test } from 'vitest';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER } from '#renderer/test-support/mount-with-shell.ts';
import { AppError } from '#shared/kernel/error.ts';
import SecondFactorSetup from './SecondFactorSetup.vue';

const SETUP = { secret: 'JBSWY3DPEHPK3PXP', uri: 'otpauth://totp/Command%20Center' };
const CODES = ['AAAA-1111', 'BBBB-2222'];

afterEach(() => (document.body.innerHTML = ''));

test('a setup that could not begin says why, can be tried again, and can be left', async () => {
  const rpc = createFakeRpc();
  const Page = { components: { SecondFactorSetup }, template: '<SecondFactorSetup><template #beside><button>Sign out</button></template></SecondFactorSetup>' };
  const { wrapper } = await mountWithShell(Page, { rpc, user: USER });
  await settle();
  expect(wrapper.get('[role="alert"]').text()).toContain('auth.beginSecondFactor');
  expect(wrapper.findAll('button').map((button) => button.text())).toEqual(['Sign out', 'Try again']);
  rpc.answer({ 'auth.beginSecondFactor': () => SETUP });
  await wrapper.findAll('button').at(-1)?.trigger('click');
  await settle();
  expect(wrapper.get('code').text()).toBe('JBSW Y3DP EHPK 3PXP');
  expect(wrapper.find('[role="alert"]').exists()).toBe(false);
});

test('a setup is held open while it waits for an answer and while it shows the recovery codes', async () => {
  let answer: (value: { recoveryCodes: string[] }) => void = () => undefined;
  let refuse: (error: AppError) => void = () => undefined;
  const rpc = createFakeRpc({ 'auth.beginSecondFactor': () => SETUP, 'auth.confirmSecondFactor': () => new Promise((resolve, reject) => ([answer, refuse] = [resolve, reject])) });
  let last: boolean | undefined;
  const held = () => last;
  const { wrapper } = await mountWithShell(SecondFactorSetup, { rpc, user: USER, props: { onHold: (value: boolean) => (last = value) } });
  await settle();
  expect(held()).toEqual(false);
  await wrapper.get('input').setValue('123456');
  await wrapper.get('form').trigger('submit');
  expect(held()).toEqual(true);
  refuse(new AppError('refused', 'The code is not right.'));
  await settle();
  expect(held()).toEqual(false);
  await wrapper.get('form').trigger('submit');
  answer({ recoveryCodes: CODES });
  await settle();
  expect(held()).toEqual(true);
  expect(wrapper.findAll('li').map((item) => item.text())).toEqual(CODES);
});
