import { DEMO_PASSWORD, expect, fillSignIn, goTo, heading, openConsole, signIn, test, useHost } from './console.ts';

const host = useHost();
const B2B = 'b2b@commandcenter.example';
const rail = { name: 'Modules' };

test('a B2B user sees the vehicles of its customer and nothing beyond', async ({ page }) => {
  await signIn(page, host(), { email: B2B });
  const links = page.getByRole('navigation', rail).getByRole('link');
  await expect(links).toHaveCount(3);
  // Security, Appearance and About are everybody's; the rest of Settings is not.
  expect((await Promise.all((await links.all()).map((link) => link.getAttribute('aria-label')))).sort()).toEqual(['Admin', 'Settings', 'Vehicle dashboard']);
  await goTo(page, '/settings/appearance');
  await expect(page.getByRole('navigation', { name: 'Pages of Settings' }).getByRole('link')).toHaveText(['Security', 'Appearance', 'About']);
  await goTo(page, '/vehicles/grid');
  const footer = page.getByText(/^1–\d+ of \d+ items?$/);
  await expect(footer).toBeVisible();
  const own = Number(/of (\d+)/.exec(await footer.innerText())![1]);
  expect(own).toBeGreaterThan(0);
  expect(own).toBeLessThan(50);
  await page.getByRole('button', { name: 'Customer' }).first().click();
  await expect(page.getByRole('group', { name: 'Customer' }).getByRole('listitem')).toHaveCount(1);
  await expect(page.getByRole('group', { name: 'Customer' }).getByRole('listitem')).toContainText(String(own));
});

for (const address of ['/mis', '/mis/live', '/intake', '/intake/units', '/settings/broker', '/settings/map', '/settings/wallboards', '/settings/storage', '/users', '/users/audit', '/can', '/can/dbc', '/alerts', '/alerts/visibility', '/alerts/handover', '/admin/products', '/admin/customers', '/admin/locations']) {
  test(`a B2B user who types ${address} is told that the role does not have it`, async ({ page }) => {
    await signIn(page, host(), { email: B2B, at: address });
    await expect(heading(page, 'Not for this role')).toBeVisible();
    await expect(page.getByRole('main')).toContainText('B2B');
  });
}

test('a B2B user neither opens nor finds a vehicle of another customer', async ({ page }) => {
  await signIn(page, host(), { at: '/vehicles/grid?search=Hariyali' });
  const link = page.getByRole('link', { name: /^MX/ }).first();
  const vin = await link.innerText();
  await link.click();
  await expect(heading(page, vin)).toBeVisible();
  const address = new URL(page.url()).hash.slice(1);
  await page.getByRole('button', { name: /user menu/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await fillSignIn(page, B2B, DEMO_PASSWORD);
  await expect(page.getByRole('navigation', rail).getByRole('link', { name: 'Admin' })).toBeVisible();
  await goTo(page, address);
  await expect(page.getByText('There is no such vehicle')).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search and commands' }).fill(vin);
  await expect(page.getByText('Nothing matches')).toBeVisible();
});

test('Operation reads the settings and changes none', async ({ page }) => {
  await signIn(page, host(), { email: 'operation@commandcenter.example', at: '/settings/broker' });
  await expect(page.getByText('Your role may see these settings and not change them.')).toBeVisible();
  for (const radio of await page.getByRole('radio').all()) await expect(radio).toBeDisabled();
  await expect(page.getByRole('button', { name: /^Save/ })).toHaveCount(0);
  await goTo(page, '/settings/users');
  await expect(page.getByRole('row').filter({ hasText: 'Omkar Operation' })).toBeVisible();
  await expect(heading(page, 'Users')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add user' })).toHaveCount(0);
  await expect(page.getByRole('checkbox', { name: 'Select row' })).toHaveCount(0);
  await goTo(page, '/alerts/visibility');
  await expect(page.getByRole('checkbox').first()).toBeDisabled();
  await goTo(page, '/commissioning');
  await expect(heading(page, 'Not for this role')).toBeVisible();
  for (const [address, name] of [['/commissioning/records', 'Records'], ['/users/audit', 'Audit log'], ['/can', 'Trace'], ['/can/dbc', 'DBC files'], ['/settings/storage', 'Storage'], ['/settings/wallboards', 'Wallboards']] as const) {
    await goTo(page, address);
    await expect(heading(page, name)).toBeVisible();
  }
  await expect(page.getByRole('button', { name: 'Add wallboard' })).toHaveCount(0);
  await goTo(page, '/mis');
  await expect(heading(page, 'Not for this role')).toBeVisible();
  await goTo(page, '/alerts/performance');
  await expect(heading(page, 'Performance')).toBeVisible();
  await goTo(page, '/alerts/rules');
  await expect(heading(page, 'Rules')).toBeVisible();
  await expect(page.getByRole('button', { name: 'New rule' })).toHaveCount(0);
});

test('an administrator’s one-time code sets a new password, once', async ({ page }) => {
  const email = 'operator@commandcenter.example';
  await signIn(page, host(), { at: '/settings/users' });
  await page.getByRole('row').filter({ hasText: 'Ojas Operator' }).locator('.el-checkbox').click();
  await page.getByRole('button', { name: 'Show reset code' }).click();
  const dialog = page.getByRole('dialog', { name: 'One-time code for Ojas Operator' });
  await dialog.getByRole('button', { name: 'Show code' }).click();
  const code = (await dialog.getByRole('status').innerText()).trim();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: /user menu/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();

  const reset = async (password: string): Promise<void> => {
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('link', { name: 'Forgot password?' }).click();
    await expect(page.getByLabel('E-mail')).toHaveValue(email);
    await page.getByLabel('One-time code').fill(code);
    await page.getByLabel('New password').fill(password);
    await page.getByLabel('The same password again').fill(password);
    await page.getByRole('button', { name: 'Set new password' }).click();
  };
  await reset('a river of kettles');
  await expect(page.getByText('Your password is changed. Sign in with it.')).toBeVisible();
  await fillSignIn(page, email, 'a river of kettles');
  await expect(heading(page, 'Alerts')).toBeVisible();

  await page.context().clearCookies();
  await page.evaluate(() => sessionStorage.clear());
  await openConsole(page, host());
  await reset('another river of kettles');
  await expect(page.getByRole('alert').getByText(/code/)).toBeVisible();
  await page.getByRole('link', { name: 'Back to sign in' }).click();
  await fillSignIn(page, email, DEMO_PASSWORD);
  await expect(page.getByText('E-mail or password is not right.')).toBeVisible();
});
