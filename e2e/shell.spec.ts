import type { Page } from '@playwright/test';
import { expect, goTo, heading, signIn, test, useHost } from './console.ts';

const host = useHost();
const VIN = 'MXEV2WSN1SB100025';

const isDark = (page: Page): Promise<boolean> => page.evaluate(() => document.documentElement.classList.contains('dark'));

/** A value of the vehicle's master data, read where a person reads it. */
async function numbersOf(page: Page): Promise<{ vcu: string; phone: string }> {
  await goTo(page, '/vehicles/grid');
  await page.getByRole('textbox', { name: 'Search here…' }).fill(VIN);
  await page.getByRole('link', { name: VIN }).click();
  await page.getByRole('tab', { name: 'Details' }).click();
  const master = page.getByRole('complementary', { name: 'Master data' });
  const read = async (label: string): Promise<string> => (await master.locator('div').filter({ has: page.getByText(label, { exact: true }) }).last().getByRole('definition').innerText()).trim();
  await expect(master.getByText(VIN)).toBeVisible();
  return { vcu: await read('Telematics ID'), phone: await read('Phone Number') };
}

test.beforeEach(async ({ page }) => signIn(page, host()));

test('Ctrl+K finds a vehicle by VIN, VCU and phone number, says by what, and opens it', async ({ page }) => {
  const { vcu, phone } = await numbersOf(page);
  for (const [text, field] of [[VIN.slice(3).toLowerCase(), 'VIN'], [vcu, 'VCU'], [phone, 'Phone']] as const) {
    await goTo(page, '/help');
    await expect(heading(page, 'Help')).toBeVisible();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search and commands' }).fill(text);
    const hit = page.getByRole('option', { name: new RegExp(VIN) });
    await expect(hit).toContainText(field);
    await expect(hit).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('Enter');
    await expect(heading(page, VIN)).toBeVisible();
  }
});

test('the palette goes to pages, filters by customers and cities, and says when nothing matches', async ({ page }) => {
  const palette = page.getByRole('combobox', { name: 'Search and commands' });
  await page.getByRole('button', { name: /^Search/ }).click();
  await palette.fill('appear');
  await page.keyboard.press('Enter');
  await expect(heading(page, 'Appearance')).toBeVisible();
  await page.keyboard.press('Control+k');
  await palette.fill('Bengaluru');
  await page.getByRole('option', { name: /^Bengaluru/ }).click();
  await expect(heading(page, 'Map view')).toBeVisible();
  await expect(page.getByRole('button', { name: /City.*Bengaluru/ })).toBeVisible();
  await page.keyboard.press('Control+k');
  await palette.fill('nothing of this kind');
  await expect(page.getByText('Nothing matches “nothing of this kind”')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(palette).toHaveCount(0);
});

test('the theme is switched at once, and kept for the user and for the login page', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  const choose = async (name: string): Promise<void> => {
    await page.getByRole('button', { name: /user menu/ }).click();
    await page.getByRole('group', { name: 'Theme' }).getByRole('button', { name }).click();
    await page.keyboard.press('Escape');
  };
  await choose('Dark');
  await expect.poll(() => isDark(page)).toBe(true);
  await page.reload();
  await expect(page.getByRole('button', { name: /user menu/ })).toBeVisible();
  expect(await isDark(page)).toBe(true);
  await page.getByRole('button', { name: /user menu/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  expect(await isDark(page)).toBe(true);
  await page.getByRole('button', { name: 'Use these' }).click();
  await choose('Light');
  await expect.poll(() => isDark(page)).toBe(false);
  await choose('As the system');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => isDark(page)).toBe(true);
});

test('Escape closes the user menu, wherever in it the focus is, and gives the focus back to its button', async ({ page }) => {
  const button = page.getByRole('button', { name: /user menu/ });
  const item = page.getByRole('button', { name: 'Sign out' });
  for (const inside of [undefined, 'Dark', 'As the system']) {
    await button.click();
    await expect(item).toBeVisible();
    if (inside !== undefined) await page.getByRole('group', { name: 'Theme' }).getByRole('button', { name: inside }).click();
    await page.keyboard.press('Escape');
    await expect(item).toBeHidden();
    await expect(button).toBeFocused();
  }
});

test('with a drawer open, Escape closes what was opened last', async ({ page }) => {
  await goTo(page, '/intake/units');
  await page.getByRole('row').filter({ hasText: /^tcu-/ }).first().click();
  const drawer = page.getByRole('heading', { name: 'Rejected messages' });
  await expect(drawer).toBeVisible();
  await page.getByRole('button', { name: /user menu/ }).click();
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeHidden();
  await expect(drawer).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
});

test('a theme chosen by one user is not that of another', async ({ page, browser }) => {
  await goTo(page, '/settings/appearance');
  await page.getByRole('radio', { name: /^Dark/ }).click();
  await expect.poll(() => isDark(page)).toBe(true);
  const other = await browser.newPage({ colorScheme: 'light' });
  await signIn(other, host(), { email: 'admin@commandcenter.example' });
  await expect(other.getByRole('button', { name: /Arun Admin/ })).toBeVisible();
  expect(await isDark(other)).toBe(false);
  await other.close();
});

test('? shows what the keyboard does here, and Escape closes it', async ({ page }) => {
  await goTo(page, '/vehicles/grid');
  await expect(page.getByText(/of 50 items/)).toBeVisible();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  for (const text of ['Search and commands', 'Search the list', 'Next row', 'Open the current row']) await expect(sheet.getByText(text)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await goTo(page, '/help');
  await expect(heading(page, 'Help')).toBeVisible();
  await page.keyboard.press('?');
  await expect(sheet.getByText('Search and commands')).toBeVisible();
  await expect(sheet.getByText('Next row')).toHaveCount(0);
});

test('the bell tells that everything is in order, and the chip how it is connected', async ({ page }) => {
  await page.getByRole('button', { name: 'No notices' }).click();
  await expect(page.getByText('Everything in order.')).toBeVisible();
  await page.getByRole('button', { name: 'Live' }).click();
  await expect(page.getByText('Embedded in this application')).toBeVisible();
  await expect(page.getByText(/^127\.0\.0\.1:\d+$/)).toBeVisible();
});

test('the rail can be widened, names its modules and stays so', async ({ page }) => {
  await page.keyboard.press('[');
  const rail = page.getByRole('navigation', { name: 'Modules' });
  await expect(rail.getByText('Data intake')).toBeVisible();
  await page.reload();
  await expect(rail.getByText('Data intake')).toBeVisible();
  await page.getByRole('button', { name: 'Narrow the navigation' }).click();
  await expect(rail.getByText('Data intake')).toHaveCount(0);
});

test('an address that does not exist says so and leads home', async ({ page }) => {
  await goTo(page, '/no/such/page');
  await expect(heading(page, 'There is no such page')).toBeVisible();
  await page.getByRole('link', { name: 'Go to the start page' }).click();
  await expect(heading(page, 'Alerts')).toBeVisible();
});

test('the launcher’s link opened in a window that shows the console opens it anew, still signed in', async ({ page }) => {
  await goTo(page, '/help');
  await expect(heading(page, 'Help')).toBeVisible();
  await page.goto(host().url);
  await expect(heading(page, 'Alerts')).toBeVisible();
  expect(page.url()).not.toContain('token');
});
