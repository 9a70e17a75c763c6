import type { Page } from '@playwright/test';
import { expect, goTo, heading, signIn, test, useHost } from './console.ts';

const host = useHost();
/** Has a yesterday that it sends late, with two stretches lost. */
const TRAVELLED = 'MXEV2WSN0AB100034';
/** Drives and is heard from the first seconds on. */
const DRIVING = 'MXEV2WSN1SB100025';

async function open(page: Page, vin: string): Promise<void> {
  await goTo(page, '/vehicles/grid');
  await page.getByRole('textbox', { name: 'Search here…' }).fill(vin);
  await page.getByRole('link', { name: vin }).click();
  await expect(heading(page, vin)).toBeVisible();
}
const section = (page: Page): ReturnType<Page['getByRole']> => page.getByRole('region', { name: 'Track & trace' });
const points = (page: Page): ReturnType<Page['getByRole']> => page.getByRole('table', { name: 'Data points' });
const cursorTime = async (page: Page): Promise<string> => (await page.getByRole('slider', { name: 'Time line' }).getAttribute('aria-valuetext')) ?? '';
const cursorAt = async (page: Page): Promise<number> => Number(await page.getByRole('slider', { name: 'Time line' }).getAttribute('aria-valuenow'));

/** Reads the range again until the late data has come. */
async function whole(page: Page): Promise<void> {
  await expect(async () => {
    await section(page).getByRole('button', { name: 'Refresh' }).click();
    await expect(section(page).getByText('2 gaps')).toBeVisible({ timeout: 3000 });
  }).toPass({ timeout: 80_000 });
}

test.beforeEach(async ({ page }) => signIn(page, host()));

test('more info opens on track and trace, and its tabs keep their place in the address', async ({ page }) => {
  await open(page, DRIVING);
  await expect(page.getByRole('tab', { name: 'Track & trace' })).toHaveAttribute('aria-selected', 'true');
  await expect(points(page).getByRole('row').nth(1)).toContainText('Moving');
  await page.getByRole('tab', { name: 'Details' }).click();
  await page.reload();
  await expect(page.getByRole('tab', { name: 'Details' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('tab')).toHaveText(['Track & trace', 'Details', 'Logbook']);
});

test('the last day is played back with its gaps, by keyboard and by pointer', async ({ page }) => {
  test.setTimeout(180_000);
  await open(page, TRAVELLED);
  await whole(page);
  await expect(section(page).getByText(/^\d+ stays?$/)).toBeVisible();
  await section(page).getByRole('slider', { name: 'Time line' }).click({ position: { x: 300, y: 10 } });
  const begin = await cursorAt(page);
  await expect(page).toHaveURL(/at=\d{13}/);
  await heading(page, TRAVELLED).click();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => cursorAt(page)).toBeGreaterThan(begin);
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  const before = await cursorAt(page);
  await expect.poll(() => cursorAt(page)).toBeGreaterThan(before + 3000);
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  const rested = await cursorTime(page);
  await expect(points(page).locator('[aria-current=true]')).toBeVisible();
  await page.reload();
  await expect.poll(() => cursorTime(page)).toBe(rested);
});

test('a second vehicle joins the playback, and the address keeps both', async ({ page }) => {
  await open(page, DRIVING);
  await page.getByRole('combobox', { name: 'Add a vehicle' }).fill('100009');
  await page.getByRole('option', { name: /100009/ }).click();
  const chips = page.getByRole('list', { name: 'Vehicles of the playback' });
  await expect(chips.getByRole('listitem')).toHaveCount(2);
  await chips.getByRole('button', { name: /100009/ }).first().click();
  await page.reload();
  await expect(chips.getByRole('listitem')).toHaveCount(2);
  await chips.getByRole('button', { name: /^Remove/ }).click();
  await expect(chips).toHaveCount(0);
});

test('a time without data says so, and another range is one click away', async ({ page }) => {
  await open(page, DRIVING);
  await page.getByRole('radio', { name: 'Yesterday' }).click();
  await expect(page.getByText('No data in this period')).toBeVisible();
  await page.getByRole('radio', { name: 'Last hour' }).click();
  await expect(points(page).getByRole('row').nth(1)).toBeVisible();
  await expect(page).toHaveURL(/range=1h/);
});
