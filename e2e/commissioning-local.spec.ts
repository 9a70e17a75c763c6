import type { Page } from '@playwright/test';
import { enrol, expect, goTo, openConsole, test, useHost } from './console.ts';

const host = useHost({ args: ['--workspace', 'local'] });

async function scan(page: Page, text: string): Promise<void> {
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

async function confirm(page: Page): Promise<void> {
  await page.getByLabel('Type Confirm to continue').fill('confirm');
  await page.keyboard.press('Enter');
}

const drawer = (page: Page): ReturnType<Page['getByRole']> => page.getByRole('main').getByRole('complementary').last();

async function save(page: Page): Promise<void> {
  await drawer(page).getByRole('button', { name: 'Save' }).click();
  await confirm(page);
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

test('a new unit is registered and its vehicle commissioned without any network, with the skipped check in the record', async ({ page }) => {
  test.setTimeout(120_000);
  await openConsole(page, host());
  await page.getByLabel('Your name').fill('Asha Rao');
  await page.getByLabel('E-mail').fill('asha@fleet.example');
  await page.getByLabel(/^Password/).fill('river kettle maple');
  await page.getByLabel('The same password again').fill('river kettle maple');
  await page.getByRole('button', { name: 'Create user and sign in' }).click();
  await enrol(page);
  await expect(page.getByRole('button', { name: /Asha Rao/ })).toBeVisible();

  await goTo(page, '/commissioning');
  await expect(page.getByRole('textbox', { name: 'Scan the VCU or VTS number' })).toBeFocused();
  await scan(page, 'CEH0000700001');
  await page.getByRole('button', { name: 'Register this unit' }).click();
  await page.getByRole('textbox', { name: /^Device ID/ }).fill('tcu-own-1');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Scan the battery number' })).toBeFocused();
  await scan(page, 'Bms2WS0000001');
  await expect(page.getByRole('textbox', { name: 'Scan the motor number' })).toBeFocused();
  await scan(page, 'KE2W0000001');
  await expect(page.getByRole('textbox', { name: 'Scan the frame number (VIN)' })).toBeFocused();
  await scan(page, 'MXOWN00000000001');
  await expect(page.getByRole('heading', { level: 2, name: 'What is it?' })).toBeVisible();

  // The wizard waits while city and customer are entered, and has forgotten nothing when it is opened again.
  await page.waitForTimeout(900);
  await goTo(page, '/admin/locations');
  await page.getByRole('button', { name: 'Add location' }).first().click();
  for (const [label, value] of [['City', 'Bengaluru'], ['District', 'Bengaluru Urban'], ['Country', 'India'], ['Latitude', '12.97'], ['Longitude', '77.59']] as const) await drawer(page).getByRole('textbox', { name: new RegExp(`^${label}`) }).fill(value);
  await drawer(page).getByLabel(/^State/).fill('Karnataka');
  await save(page);
  await goTo(page, '/admin/customers');
  await page.getByRole('button', { name: 'Add customer' }).first().click();
  for (const [label, value] of [['Customer Name', 'Own Fleet'], ['Address', '1 Workshop Lane'], ['Pin Code', '560001'], ['Mobile Number', '9845011111'], ['Email Id', 'own@fleet.example']] as const) await drawer(page).getByRole('textbox', { name: new RegExp(`^${label}`) }).fill(value);
  await drawer(page).getByRole('combobox', { name: /^City/ }).fill('Bengaluru');
  await page.getByRole('option', { name: /Bengaluru/ }).first().click();
  await save(page);

  await goTo(page, '/commissioning');
  await expect(page.getByRole('heading', { level: 2, name: 'What is it?' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Model', exact: true }).fill('Nilgai Courier');
  await page.getByRole('option', { name: 'Nilgai Courier' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('textbox', { name: 'Enter the user’s phone number' })).toBeFocused();
  await scan(page, '9845022222');
  await page.getByRole('combobox', { name: 'Customer' }).fill('Own');
  await page.getByRole('option', { name: 'Own Fleet' }).click();
  await page.getByRole('textbox', { name: /^User name/ }).fill('Asha Rao');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The unit has not been heard.')).toBeVisible();
  await page.getByRole('button', { name: 'Skip the check' }).click();
  await scan(page, 'No power on the bench');
  await page.getByRole('button', { name: 'Commission', exact: true }).click();
  await confirm(page);
  await expect(page.getByText('MXOWN00000000001 is commissioned.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Bench check: Skipped: No power on the bench' })).toBeVisible();
});
