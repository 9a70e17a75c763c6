import { afterEach, expect, test } from 'vitest';
import { defineComponent, h } from 'vue';
import { provideDialogs } from '#renderer/app/frame/dialogs.ts';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER } from '#renderer/test-support/mount-with-shell.ts';
import SecurityPage from './pages/SecurityPage.vue';

afterEach(() => (document.body.innerHTML = ''));

async function page() {
  let answer: (value: { recoveryCodes: string[] }) => void = () => undefined;
  const rpc = createFakeRpc({
    'auth.sessions': () => ({ sessions: [] }),
    'auth.secondFactor': () => ({ since: 1, recoveryLeft: 3, mandatory: true }),
    'auth.renewRecoveryCodes': () => new Promise((resolve) => (answer = resolve)),
  });
  const framed = defineComponent({ setup: () => (provideDialogs(), () => h(SecurityPage)) });
  await mountWithShell(framed, { rpc, user: USER });
  await settle();
  const click = async (label: string) => {
    [...document.querySelectorAll('button')].find((button) => button.textContent?.trim() === label)?.click();
    await settle(20);
  };
  const escape = async () => {
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', code: 'Escape', bubbles: true }));
    await settle(20);
  };
  const isOpen = () => [...document.querySelectorAll<HTMLElement>('.el-overlay')].some(({ style }) => style.display !== 'none');
  const type = async (text: string) => {
    const input = document.querySelector<HTMLInputElement>('.el-dialog input')!;
    input.value = text;
    input.dispatchEvent(new Event('input'));
    await settle();
  };
  return { rpc, click, escape, isOpen, type, answer: (codes: string[]) => answer({ recoveryCodes: codes }) };
}

test('new recovery codes stay until they were kept: neither Escape nor a cross closes over them', async () => {
  const { click, escape, isOpen, type, answer } = await page();
  await click('New recovery codes');
  await type('123456');
  document.querySelector('.el-dialog form')?.dispatchEvent(new Event('submit', { cancelable: true }));
  await settle();
  expect(document.querySelector('.el-dialog__headerbtn')).toBeNull();
  await escape();
  expect(isOpen()).toBe(true);
  answer(['AAAA-1111', 'BBBB-2222']);
  await settle();
  await escape();
  expect(document.querySelector('.el-dialog')?.textContent).toContain('BBBB-2222');
  expect(document.querySelector('.el-dialog__headerbtn')).toBeNull();
  await click('Done');
  expect(isOpen()).toBe(true);
  document.querySelector<HTMLElement>('.el-dialog .el-checkbox input')?.click();
  await settle();
  await click('Done');
  expect(isOpen()).toBe(false);
});

test('a question for the code that nothing depends on yet closes with Escape', async () => {
  const { click, escape, isOpen } = await page();
  await click('New recovery codes');
  expect(isOpen()).toBe(true);
  await escape();
  expect(isOpen()).toBe(false);
});
