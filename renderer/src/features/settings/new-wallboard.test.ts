import { afterEach, expect, test } from 'vitest';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER } from '#renderer/test-support/mount-with-shell.ts';
import NewWallboardDialog from './components/NewWallboardDialog.vue';

const { happyDOM } = window as unknown as { happyDOM: { setURL(url: string): void } };
afterEach(() => {
  document.body.innerHTML = '';
  happyDOM.setURL('http://localhost:3000/');
});

/** What the dialog shows as the address after a wallboard was made in a window at `url`. */
async function madeAt(url: string): Promise<string | undefined> {
  happyDOM.setURL(url);
  const rpc = createFakeRpc({ 'wallboard.create': () => ({ tokenId: 'w1', address: '/?wall=1#token=wb_x' }) });
  const { wrapper } = await mountWithShell(NewWallboardDialog, { rpc, user: USER, props: { modelValue: false } });
  await wrapper.setProps({ modelValue: true });
  await settle();
  const name = document.querySelector<HTMLInputElement>('form input')!;
  name.value = 'Hall';
  name.dispatchEvent(new Event('input'));
  [...document.querySelectorAll('button')].find((button) => button.textContent?.trim() === 'Make link')?.click();
  await settle();
  return document.querySelector<HTMLInputElement>('input[readonly]')?.value;
}

test('in a browser the link of a wallboard is complete', async () => {
  expect(await madeAt('http://console.example:8080/')).toBe('http://console.example:8080/?wall=1#token=wb_x');
});

test('in the desktop program, which no other screen can open, it says that the browser host is needed', async () => {
  expect(await madeAt('app://console/index.html')).toBe('/?wall=1#token=wb_x');
  expect(document.body.textContent).toContain('browser host');
});
