import { expect, test as base, type Page } from '@playwright/test';
import { fromBase32, stepAt, totpCode } from '../shared/domain/access/totp.ts';
import { startHost, type HostOptions, type RunningHost } from './host.ts';

export { expect };

export const DEMO_EMAIL = 'demo@commandcenter.example';
/** Good for every user of the demo. */
export const DEMO_PASSWORD = 'Try-it-out-2024';

/**
 * Every test fails as well when its page asks anything of another host, and when an error reaches nobody. `expectedErrors` are texts of
 * errors that a test provokes.
 */
export const test = base.extend<{ expectedErrors: RegExp[]; watched: void }>({
  expectedErrors: [[], { option: true }],
  watched: [
    async ({ page, expectedErrors }, use) => {
      const foreign: string[] = [];
      const errors: string[] = [];
      page.on('request', (request) => {
        const { protocol, hostname } = new URL(request.url());
        if (protocol !== 'data:' && protocol !== 'blob:' && hostname !== '127.0.0.1') foreign.push(request.url());
      });
      page.on('websocket', (socket) => {
        if (new URL(socket.url()).hostname !== '127.0.0.1') foreign.push(socket.url());
      });
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        // The browser's own words for an answer such as 401 at the gate.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(message.text());
      });
      await use();
      expect(foreign, 'requests to other hosts').toEqual([]);
      expect(errors.filter((text) => !expectedErrors.some((expected) => expected.test(text))), 'errors on the page').toEqual([]);
    },
    { auto: true },
  ],
});

/** One host for all tests of a file. */
export function useHost(options: HostOptions = {}): () => RunningHost {
  let host: RunningHost | undefined;
  test.beforeAll(async () => {
    host = await startHost(options);
  });
  test.afterAll(async () => {
    const code = await host?.stop();
    expect(code, `the host stops cleanly; it printed:\n${host?.output()}`).toBe(0);
  });
  return () => {
    if (!host) throw new Error('the host has not been started');
    return host;
  };
}

/** Opens the console by the launcher's link and waits for the first page. */
export async function openConsole(page: Page, host: RunningHost): Promise<void> {
  await page.goto(host.url);
  await expect(page.getByText('Version 0.')).toBeVisible();
}

/** Signs in on the login page, which has to be open. */
export async function fillSignIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel(/^Password/).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** The code that an authenticator app shows for a secret, `ahead` steps of 30 s from now: a code is good once. */
export function appCode(secret: string, ahead = 0): string {
  return totpCode(fromBase32(secret), stepAt(Date.now()) + ahead);
}

/** Sets up the second factor on the page that asks for it, and gives back its secret and the recovery codes. */
export async function enrol(page: Page): Promise<{ secret: string; recoveryCodes: string[] }> {
  await expect(heading(page, 'Set up your second factor')).toBeVisible();
  await expect(page.getByRole('img', { name: 'QR code for the authenticator app' })).toBeVisible();
  const secret = (await page.locator('code.secret').innerText()).replace(/\s/g, '');
  await page.getByLabel('Code of the authenticator app').fill(appCode(secret));
  await page.getByRole('button', { name: 'Confirm' }).click();
  const listed = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await expect(listed).toHaveCount(10);
  const recoveryCodes = await listed.allInnerTexts();
  await page.getByText('I have kept these codes').click();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('button', { name: /user menu/ })).toBeVisible();
  return { secret, recoveryCodes };
}

/** Signs in on the login page where a second factor is asked for. */
export async function signInWithCode(page: Page, email: string, password: string, code: string): Promise<void> {
  await fillSignIn(page, email, password);
  await page.getByLabel('Code of the authenticator app').fill(code);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: /user menu/ })).toBeVisible();
}

/** Opens the console, signs in (by default as the user of the demo's login page) and goes to an address, by default the start page. */
export async function signIn(page: Page, host: RunningHost, options: { readonly email?: string; readonly at?: string } = {}): Promise<void> {
  await openConsole(page, host);
  await fillSignIn(page, options.email ?? DEMO_EMAIL, DEMO_PASSWORD);
  await expect(page.getByRole('button', { name: /user menu/ })).toBeVisible();
  if (options.at !== undefined) await goTo(page, options.at);
}

/** Types an address of the console, such as `/vehicles/grid`. */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/#${address}`);
}

/** The page's own heading. */
export function heading(page: Page, name: string | RegExp): ReturnType<Page['getByRole']> {
  return page.getByRole('heading', { level: 1, name });
}
