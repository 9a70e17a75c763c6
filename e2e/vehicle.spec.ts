import type { Locator, Page } from '@playwright/test';
import { expect, goTo, heading, signIn, test, useHost } from './console.ts';

const host = useHost();
/** Drives and is heard from the first seconds on. */
const DRIVING = 'MXEV2WSN1SB100025';
/** Its cells have drifted apart. */
const FAULTY = /100001$/;

async function open(page: Page, vin: string | RegExp): Promise<void> {
  await goTo(page, '/vehicles/grid');
  await page.getByRole('textbox', { name: 'Search here…' }).fill(typeof vin === 'string' ? vin : vin.source.replace('$', ''));
  await page.getByRole('link', { name: vin }).click();
  await expect(heading(page, vin)).toBeVisible();
  await page.getByRole('tab', { name: 'Details' }).click();
}
const group = (page: Page, name: string): Locator => page.getByRole('main').locator('section').filter({ has: page.getByRole('heading', { name, exact: true }) }).last();
const value = async (page: Page, parameter: string): Promise<string> => (await page.getByRole('row', { name: new RegExp(`^${parameter}`) }).first().getByRole('cell').first().innerText()).trim();

test.beforeEach(async ({ page }) => signIn(page, host()));

test('parameters stand under the unit that reports them, with unit, age and normal range', async ({ page }) => {
  await open(page, DRIVING);
  await expect(group(page, 'Vehicle and telematics (VCU)').getByRole('row', { name: /^Odometer/ })).toContainText('km');
  await expect(group(page, 'Battery (BMS)').getByRole('row', { name: /^State of charge/ })).toContainText('15 – 100 %');
  await expect(group(page, 'Motor controller (MCU)').getByRole('row').nth(1)).toBeVisible();
  await expect(page.getByRole('row', { name: /^State of charge/ }).first()).toHaveText(/now|\d+ s/);
});

test('values change while one looks, and the key figures with them', async ({ page }) => {
  await open(page, DRIVING);
  await expect(page.getByRole('row', { name: /^Pack current/ }).first()).toBeVisible();
  const before = [await value(page, 'Pack current'), await value(page, 'Latitude'), await value(page, 'Longitude')];
  await expect.poll(async () => [await value(page, 'Pack current'), await value(page, 'Latitude'), await value(page, 'Longitude')].join()).not.toBe(before.join());
});

test('the search narrows the parameters', async ({ page }) => {
  await open(page, DRIVING);
  await expect(page.getByRole('row', { name: /^Odometer/ })).toBeVisible();
  await page.getByRole('textbox', { name: 'Filter parameters' }).fill('temperature');
  await expect(page.getByRole('row', { name: /^Odometer/ })).toHaveCount(0);
  await expect(page.getByRole('row', { name: /temperature/i }).first()).toBeVisible();
  await page.getByRole('textbox', { name: 'Filter parameters' }).fill('no such thing');
  await expect(page.getByText('No parameter matches')).toBeVisible();
});

test('what lies outside its range can be shown alone, and carries its mark in words', async ({ page }) => {
  await open(page, FAULTY);
  const chip = page.getByRole('radio', { name: /^Out of range\s*[1-9]/ });
  await expect(chip).toBeVisible();
  await expect(page.getByRole('row', { name: /^Odometer/ })).toBeVisible();
  await chip.click();
  await expect(page.getByRole('row', { name: /^Cell voltage spread/ }).getByLabel('out of range')).toBeVisible();
  await expect(page.getByRole('row', { name: /^Odometer/ })).toHaveCount(0);
});

test('a vehicle in order has nothing outside its range', async ({ page }) => {
  await open(page, DRIVING);
  await expect(page.getByRole('row', { name: /^Odometer/ })).toBeVisible();
  await page.getByRole('radio', { name: /^Out of range/ }).click();
  await expect(page.getByText('Every value is within its normal range.')).toBeVisible();
});

test('master data is grouped, and names the vehicle once more', async ({ page }) => {
  await open(page, DRIVING);
  const master = page.getByRole('complementary', { name: 'Master data' });
  await expect(master.getByText(DRIVING)).toBeVisible();
  for (const title of ['Vehicle', 'Telematics', 'Battery and motor']) await expect(master.getByRole('heading', { name: title, exact: true })).toBeVisible();
  await expect(master.getByText('Hariyali Rentals LLP')).toBeVisible();
});

test('an unknown vehicle says so', async ({ page }) => {
  await goTo(page, '/vehicles/v/00000000-0000-7000-8000-000000000000');
  await expect(page.getByText('There is no such vehicle, or it is not among those you may see.')).toBeVisible();
});

test('the live parameter report shows a vehicle that is searched for, and follows it', async ({ page }) => {
  await page.getByRole('link', { name: 'MIS', exact: true }).click();
  await expect(heading(page, 'Dashboards')).toBeVisible();
  const card = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Live parameter report' });
  await expect(card).toContainText(/50 vehicles, newest message/);
  await card.getByRole('button', { name: 'Refresh Live parameter report' }).click();
  await expect(card).toContainText(/50 vehicles/);
  await page.getByRole('main').getByRole('link', { name: /^Live parameter report/ }).click();
  await page.getByRole('combobox', { name: 'Vehicle' }).fill('100025');
  await page.getByRole('option', { name: new RegExp(DRIVING) }).click();
  await expect(page.getByRole('row', { name: /^Odometer/ })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Hariyali Rentals LLP');
  const before = await value(page, 'Pack current');
  await expect.poll(() => value(page, 'Pack current')).not.toBe(before);
  await page.reload();
  await expect(page.getByRole('row', { name: /^Odometer/ })).toBeVisible();
});
