import { expect, heading, signIn, test, useHost } from './console.ts';

const host = useHost();
/** The demo's unit that sends broken messages: one in about fourteen. */
const BROKEN = 'tcu-094af45b';

test('the overview counts what arrives, and goes on counting', async ({ page }) => {
  await signIn(page, host(), { at: '/intake' });
  await expect(heading(page, 'Data intake')).toBeVisible();
  const counters = page.getByRole('region', { name: 'Messages since the start' });
  const received = async (): Promise<number> => Number(/Messages received\s*([\d,]+)/.exec(await counters.innerText())![1]!.replaceAll(',', ''));
  await expect(counters).toContainText('Messages received');
  const before = await received();
  await expect.poll(received).toBeGreaterThan(before);
  const queues = page.getByRole('region', { name: 'Queues' });
  await expect(queues.getByRole('row', { name: /^Waiting for the store/ })).toContainText(/\d+ \/ [\d,]+/);
  await expect(page.getByRole('region', { name: 'Disk' })).toContainText('Free on the disk');
});

test('a unit that sends broken messages is listed with its reason and a sample', async ({ page }) => {
  await signIn(page, host(), { at: '/intake/units' });
  await page.getByRole('radio', { name: 'With problems' }).click();
  const unit = page.getByRole('row').filter({ hasText: BROKEN });
  await expect(async () => {
    await page.getByRole('button', { name: 'Refresh' }).click();
    await expect(unit).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 80_000 });
  await unit.click();
  const details = page.getByRole('complementary', { name: BROKEN });
  await expect(details.getByRole('heading', { name: 'Rejected messages' })).toBeVisible();
  const sample = details.getByRole('article').first();
  await expect(sample).toContainText(/[A-Z].{10,}\./);
  await expect(sample).toContainText(`/${BROKEN}/`);
  await sample.getByRole('radio', { name: 'Bytes' }).click();
  await expect(sample).toContainText(/0000\s+([0-9a-f]{2} ?){1,8}/);
  await page.keyboard.press('Escape');
  await expect(details).toHaveCount(0);
});

test('units are found by device ID and VIN', async ({ page }) => {
  await signIn(page, host(), { at: '/intake/units' });
  const rows = page.getByRole('row').filter({ hasText: /^tcu-/ });
  await expect(rows.nth(5)).toBeVisible();
  await page.getByRole('textbox', { name: 'Device ID or VIN' }).fill('100019');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText(BROKEN);
  await page.getByRole('textbox', { name: 'Device ID or VIN' }).fill('nobody');
  await expect(page.getByText('No unit matches “nobody”')).toBeVisible();
});
