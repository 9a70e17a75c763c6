import type { Page } from '@playwright/test';
import { expect, goTo, heading, signIn, test, useHost } from './console.ts';

const host = useHost();
const DRIVING = 'MXEV2WSN1SB100025';
const log = (page: Page): ReturnType<Page['getByRole']> => page.getByRole('table', { name: 'Device data log' });
const record = (page: Page): ReturnType<Page['getByRole']> => page.getByRole('complementary', { name: 'Record' });

async function open(page: Page): Promise<void> {
  await goTo(page, '/mis/log');
  await expect(heading(page, 'Device data log')).toBeVisible();
  await page.getByRole('combobox', { name: 'Vehicle' }).fill(DRIVING);
  await page.getByRole('option', { name: new RegExp(DRIVING) }).click();
  await expect(log(page).getByRole('row').nth(3)).toBeVisible();
}

test.beforeEach(async ({ page }) => signIn(page, host()));

test('the dashboards begin with the data log', async ({ page }) => {
  await goTo(page, '/mis');
  await page.getByRole('main').getByRole('link', { name: /^Device data log/ }).click();
  await expect(page.getByText('Choose a vehicle').first()).toBeVisible();
});

test('a record is followed from the payload to the stored values', async ({ page }) => {
  await open(page);
  await expect(async () => {
    await page.getByRole('button', { name: 'Refresh' }).click();
    await log(page).getByRole('row').filter({ hasText: 'Pack current' }).first().click({ timeout: 3000 });
  }).toPass();
  await expect(record(page).getByText(/^can ·/)).toBeVisible();
  await expect(record(page).getByRole('region', { name: 'As received' }).locator('pre')).not.toBeEmpty();
  await record(page).getByRole('region', { name: 'Decoded' }).getByRole('button', { name: /BMS_Pack/ }).click();
  await expect(record(page).getByRole('region', { name: 'Decoded' }).getByText('→ Pack current')).toBeVisible();
  await expect(record(page).getByRole('region', { name: 'Stored' }).getByRole('row', { name: /^Pack current/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(record(page)).toHaveCount(0);
});

test('records are narrowed to a parameter, and the address keeps the choice', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'Parameters' }).click();
  await page.getByRole('textbox', { name: /^Search/ }).last().fill('Odometer');
  await page.getByRole('group', { name: 'Parameters' }).getByText('Odometer (km)').click();
  await page.keyboard.press('Escape');
  await expect(log(page).getByRole('row').nth(1)).toContainText(/Odometer [\d,.]+ km/);
  await expect(log(page).getByRole('row').nth(1)).not.toContainText('Latitude');
  await page.reload();
  await expect(log(page).getByRole('row').nth(1)).toContainText(/Odometer/);
});

test('the records are saved as a file', async ({ page }) => {
  await open(page);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  expect((await download).suggestedFilename()).toMatch(/^Data log MXEV2WSN1SB100025 .*\.xlsx$/);
  await expect(page.getByText(/\.xlsx was saved/)).toBeVisible();
});

test('records are decoded again with another file: first seen, then stored', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'Decode again' }).click();
  const dialog = page.getByRole('dialog', { name: 'Decode again' });
  await dialog.getByRole('combobox', { name: 'DBC file' }).click();
  await page.getByRole('option', { name: /three-wheeler/i }).click();
  await dialog.getByRole('button', { name: 'Preview' }).click();
  const result = dialog.getByRole('region', { name: 'What changes' });
  await expect(result.getByText(/records? with CAN frames/)).toBeVisible();
  await expect(result.getByRole('row').nth(1)).toContainText('→');
  await dialog.getByRole('button', { name: 'Store new values' }).click();
  const confirm = page.getByRole('dialog', { name: 'Store new values' });
  await confirm.getByRole('textbox').fill('confirm');
  await confirm.getByRole('button', { name: 'Store new values' }).click();
  await expect(page.getByText(/records? ha(s|ve) new values/)).toBeVisible();
  await expect(log(page).getByText('Decoded again').first()).toBeVisible();
});
