import type { Page } from '@playwright/test';
import { appCode, enrol, expect, fillSignIn, goTo, heading, openConsole, signInWithCode, test, useHost } from './console.ts';

const host = useHost({ args: ['--workspace', 'local'] });
const ADMIN = { email: 'asha@fleet.example', name: 'Asha Rao', password: 'river kettle maple' };
const RAVI = { email: 'ravi@fleet.example', name: 'Ravi Kumar', password: 'marigold lorry seven' };
let secret = '';
let recoveryCodes: string[] = [];

test.describe.configure({ mode: 'serial' });

/** Types `Confirm` in the dialog that asks for it. */
async function confirm(page: Page, action: string): Promise<void> {
  const dialog = page.getByRole('dialog').filter({ has: page.getByRole('button', { name: action, exact: true }) });
  await dialog.getByRole('textbox').fill('confirm');
  await dialog.getByRole('button', { name: action, exact: true }).click();
}

test('the first administrator sets up a second factor before anything else, and signs in with it', async ({ page }) => {
  await openConsole(page, host());
  await page.getByLabel('Your name').fill(ADMIN.name);
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByLabel(/^Password/).fill(ADMIN.password);
  await page.getByLabel('The same password again').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Create user and sign in' }).click();
  await expect(heading(page, 'Set up your second factor')).toBeVisible();
  await goTo(page, '/settings/broker');
  ({ secret, recoveryCodes } = await enrol(page));
  await expect(heading(page, 'Broker')).toBeVisible();
  await page.getByRole('button', { name: /user menu/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await fillSignIn(page, ADMIN.email, ADMIN.password);
  await page.getByLabel('Code of the authenticator app').fill('000000');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert').getByText(/code is not right/)).toBeVisible();
  await page.getByLabel('Code of the authenticator app').fill(appCode(secret, 1));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: /user menu/ })).toBeVisible();
});

test('invite, activate, change the role, end the session; the audit log has it all and verifies', async ({ page, browser }) => {
  await openConsole(page, host());
  await signInWithCode(page, ADMIN.email, ADMIN.password, recoveryCodes[0]!);
  await goTo(page, '/users');
  await page.getByRole('button', { name: 'Add user' }).click();
  const form = page.getByRole('complementary', { name: 'Add user' });
  await form.getByLabel('User Name').fill(RAVI.email);
  await form.getByLabel(/^Name/).fill(RAVI.name);
  await form.getByRole('button', { name: 'Save' }).click();
  await confirm(page, 'Save');
  const codeDialog = page.getByRole('dialog', { name: `Activation code for ${RAVI.name}` });
  await codeDialog.getByRole('button', { name: 'Show code' }).click();
  const code = (await codeDialog.getByRole('status').innerText()).trim();
  expect(code).toMatch(/^([0-9A-Z]{7}-){3}[0-9A-Z]{5}$/);
  await codeDialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('row').filter({ hasText: RAVI.name })).toContainText('Invited');

  const context = await browser.newContext();
  const ravi = await context.newPage();
  await openConsole(ravi, host());
  await ravi.getByRole('link', { name: 'Activate a new account' }).click();
  await expect(heading(ravi, 'Activate account')).toBeVisible();
  await ravi.getByLabel('E-mail').fill(RAVI.email);
  await ravi.getByLabel('One-time code').fill(code);
  await ravi.getByLabel(/^Password/).fill(RAVI.password);
  await ravi.getByLabel('The same password again').fill(RAVI.password);
  await ravi.getByRole('button', { name: 'Activate account' }).click();
  await expect(ravi.getByText('Your account is active.')).toBeVisible();
  await fillSignIn(ravi, RAVI.email, RAVI.password);
  await expect(ravi.getByRole('button', { name: /user menu/ })).toBeVisible();
  await goTo(ravi, '/commissioning');
  await expect(heading(ravi, 'Not for this role')).toBeVisible();
  await goTo(ravi, '/intake');
  await expect(ravi.getByText('Messages received')).toBeVisible();

  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(page.getByRole('row').filter({ hasText: RAVI.name })).toContainText('Active');
  const details = page.getByRole('complementary', { name: RAVI.email, exact: true });
  await details.getByRole('button', { name: 'Edit' }).click();
  const edit = page.getByRole('complementary', { name: `Edit ${RAVI.email}` });
  await edit.getByRole('combobox', { name: 'Role', exact: true }).click({ force: true });
  await page.getByRole('option', { name: 'B2B' }).click();
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog')).toContainText('Operation → B2B');
  await confirm(page, 'Save');
  await expect(page.getByRole('row').filter({ hasText: RAVI.name })).toContainText('B2B');
  // The window that is open loses the page without being asked, and keeps its session.
  await expect(heading(ravi, 'Not for this role')).toBeVisible();
  await expect(ravi.getByRole('navigation', { name: 'Modules' }).getByRole('link', { name: 'Data intake' })).toHaveCount(0);
  await expect(ravi.getByRole('button', { name: /user menu/ })).toBeVisible();

  await expect(details.getByRole('row', { name: /Chrome on/ })).toHaveCount(1);
  await details.getByRole('button', { name: 'End', exact: true }).click();
  await expect(ravi.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await context.close();

  await goTo(page, '/users/audit');
  await expect(page.getByRole('button', { name: 'Session ended' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Account activated' })).toBeVisible();
  await page.getByRole('button', { name: 'Changed a user' }).first().click();
  const values = page.getByRole('table', { name: 'Values before and after' });
  await expect(values.getByRole('row', { name: /^Role/ })).toHaveText(/Role\s*Operation\s*B2B/);
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByRole('dialog', { name: 'Verify the audit log' }).getByText('The chain is whole.')).toBeVisible();
});
