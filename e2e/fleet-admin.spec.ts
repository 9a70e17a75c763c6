import type { Page } from '@playwright/test';
import { expect, goTo, heading, signIn, test, useHost } from './console.ts';

const host = useHost();
test.use({ actionTimeout: 20_000 });
/** Vehicles of the demo, and the phone number of the first one's primary user. */
const VIN = 'MXEV2WSN1SB100025';
const OTHER = 'MXEV2WSN8DB100041';

const row = (page: Page, text: string): ReturnType<Page['locator']> => page.getByRole('main').getByRole('row').filter({ hasText: text });
const drawer = (page: Page): ReturnType<Page['getByRole']> => page.getByRole('main').getByRole('complementary').last();

async function choose(page: Page, label: string, text: string): Promise<void> {
  await drawer(page).getByRole('combobox', { name: label }).fill(text);
  await page.getByRole('option', { name: new RegExp(text) }).first().click();
}

async function confirm(page: Page, action: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Type Confirm to continue' }).fill('confirm');
  await page.getByRole('dialog').getByRole('button', { name: action }).click();
}

test('a group member is added; a phone number that another vehicle has is refused with its frame', async ({ page }) => {
  await signIn(page, host(), { at: `/admin/sales?search=${OTHER}` });
  await row(page, OTHER).click();
  const phone = /6000\d{6}/.exec(await drawer(page).innerText())![0];
  await goTo(page, '/admin/group-members');
  await page.getByRole('button', { name: 'Add group member' }).click();
  await drawer(page).getByRole('textbox', { name: /^Mobile Number/ }).fill(phone);
  await drawer(page).getByRole('textbox', { name: /^User Name/ }).fill('Second Rider');
  await choose(page, 'VIN No', VIN);
  await drawer(page).getByRole('button', { name: 'Save' }).click();
  await confirm(page, 'Save');
  await expect(drawer(page).getByText(`already belongs to VIN No ${OTHER}`, { exact: false })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  // Nothing that was typed is lost.
  await expect(drawer(page).getByRole('textbox', { name: /^User Name/ })).toHaveValue('Second Rider');
  await drawer(page).getByRole('textbox', { name: /^Mobile Number/ }).fill('98450 12345');
  await drawer(page).getByRole('button', { name: 'Save' }).click();
  await confirm(page, 'Save');
  await page.getByRole('textbox', { name: 'Search here…' }).fill('9845012345');
  await expect(row(page, 'Second Rider')).toContainText(VIN);
});

test('a lease that is paid calls off the lock of its vehicle, and its history says who did it', async ({ page }) => {
  await signIn(page, host(), { at: '/admin/leases' });
  await expect(heading(page, 'Lease Details')).toBeVisible();
  await row(page, 'Pending').first().click();
  await expect(drawer(page)).toContainText(/Lock Status\s*Lock due/);
  await drawer(page).getByRole('button', { name: 'Edit' }).click();
  await drawer(page).getByRole('combobox', { name: 'Payment Status' }).click({ force: true });
  await page.getByRole('option', { name: 'Success' }).last().click();
  await drawer(page).getByRole('button', { name: 'Save' }).click();
  await confirm(page, 'Save');
  await expect(drawer(page)).toContainText(/Lock Status\s*Unlocked/);
  await expect(drawer(page).getByRole('region', { name: 'History' })).toContainText(/Payment Status\s*Pending → Success/);
});

test('a battery is swapped between a slot and a vehicle, and written down', async ({ page }) => {
  await signIn(page, host(), { at: '/stations' });
  await page.getByRole('button', { name: /Delhi Swap Point/ }).click();
  await expect(drawer(page).getByRole('table')).toContainText('Ready');
  await page.getByRole('link', { name: 'Slots' }).click();
  await page.getByRole('textbox', { name: 'Search here…' }).fill('Delhi');
  // The rows of the other stations have gone before one is read.
  await expect(row(page, 'Ready').filter({ hasNotText: 'Delhi Swap Point' })).toHaveCount(0);
  const battery = /Bms2WP\d+/.exec(await row(page, 'Ready').first().innerText())![0];
  await row(page, battery).getByRole('checkbox').press('Space');
  await page.getByRole('button', { name: 'Swap battery' }).click();
  const dialog = page.getByRole('dialog', { name: 'Swap battery' });
  await expect(dialog).toContainText(battery);
  await dialog.getByRole('combobox', { name: 'Vehicle' }).fill(VIN);
  await page.getByRole('option', { name: VIN }).click();
  await expect(dialog).toContainText(/Last reported by the vehicle: \d+ %/);
  await expect(dialog.getByRole('spinbutton', { name: 'SoC of the returned battery' })).toHaveValue(/^\d+$/);
  await confirm(page, 'Swap battery');
  await expect(page.getByText(`${battery} is in the vehicle now.`)).toBeVisible();
  await page.getByRole('link', { name: 'Battery swaps' }).click();
  await expect(row(page, battery)).toContainText(VIN);
  await goTo(page, '/stations/swaps?at=..2020-01-01');
  await expect(page.getByRole('button', { name: /^Time.*until 01-Jan-2020$/ })).toBeVisible();
  await expect(row(page, battery)).toHaveCount(0);
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await expect(row(page, battery)).toContainText(VIN);
  await goTo(page, `/admin/products?search=${battery}`);
  await expect(row(page, battery)).toContainText(VIN);
});

test('what an installation does not have is in no navigation, and back when it is switched on', async ({ page }) => {
  await signIn(page, host(), { at: '/settings/features' });
  const tabs = page.getByRole('navigation', { name: 'Pages of Admin' });
  for (const wanted of [false, true]) {
    await page.getByRole('switch', { name: 'Subscription' }).press('Space');
    await page.getByRole('button', { name: 'Save' }).click();
    await confirm(page, 'Save');
    await expect(page.getByText('The parts of the portal were changed.', { exact: false }).last()).toBeVisible();
    await goTo(page, '/admin/products');
    await expect(tabs.getByRole('link', { name: 'Group members' })).toBeVisible();
    await expect(tabs.getByRole('link', { name: 'Lease Details' })).toHaveCount(wanted ? 1 : 0);
    await page.getByRole('button', { name: 'Add product' }).click();
    await expect(drawer(page).getByRole('textbox', { name: /^Motor ID/ })).toBeVisible();
    await expect(drawer(page).getByRole('combobox', { name: 'Lease Type' })).toHaveCount(wanted ? 1 : 0);
    await drawer(page).getByRole('button', { name: 'Cancel' }).click();
    await goTo(page, '/settings/features');
    await expect(page.getByRole('switch', { name: 'Subscription' })).toBeChecked({ checked: wanted });
  }
});

test('vehicle models name their batteries, and one that is in use is not deleted', async ({ page }) => {
  await signIn(page, host(), { at: '/admin/battery-models' });
  await row(page, '52-AH - Urban').first().getByRole('checkbox').press('Space');
  await page.getByRole('button', { name: /^Delete/ }).click();
  await confirm(page, 'Delete');
  await expect(page.getByRole('dialog').getByText(/takes this battery/)).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await goTo(page, '/admin/vehicle-models');
  await row(page, 'Nilgai Sprint').click();
  await expect(drawer(page)).toContainText('52-AH - Urban');
  await expect(drawer(page)).toContainText('two-wheeler.dbc');
});
