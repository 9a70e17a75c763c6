import { expect, goTo, heading, signIn, test, useHost } from './console.ts';
import { inject } from './demo-faults.ts';

const host = useHost();
/** A vehicle of the demo that is heard, and its unit. */
const VIN = 'MXEV2WSN1SB100025';

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
  await signIn(page, host(), { at: '/alerts' });
  await inject(page, VIN, 'Broken messages', 60);
  await goTo(page, '/intake/units');
  await page.getByRole('textbox', { name: 'Device ID or VIN' }).fill(VIN);
  await page.getByRole('radio', { name: 'With problems' }).click();
  const unit = page.getByRole('row').filter({ hasText: VIN });
  await expect(async () => {
    await page.getByRole('button', { name: 'Refresh' }).click();
    await expect(unit).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 80_000 });
  const device = /tcu-[0-9a-f]{8}/.exec(await unit.innerText())![0];
  await unit.click();
  const details = page.getByRole('complementary', { name: device });
  await expect(details.getByRole('heading', { name: 'Rejected messages' })).toBeVisible();
  const sample = details.getByRole('article').first();
  await expect(sample).toContainText(/[A-Z].{10,}\./);
  await expect(sample).toContainText(`/${device}/`);
  await sample.getByRole('radio', { name: 'Bytes' }).click();
  await expect(sample).toContainText(/0000\s+([0-9a-f]{2} ?){1,8}/);
  await page.keyboard.press('Escape');
  await expect(details).toHaveCount(0);
});

test('units are found by device ID and VIN', async ({ page }) => {
  await signIn(page, host(), { at: '/intake/units' });
  const rows = page.getByRole('row').filter({ hasText: /^tcu-/ });
  await expect(rows.nth(5)).toBeVisible();
  await page.getByRole('textbox', { name: 'Device ID or VIN' }).fill('100025');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText(VIN);
  await page.getByRole('textbox', { name: 'Device ID or VIN' }).fill('nobody');
  await expect(page.getByText('No unit matches “nobody”')).toBeVisible();
});
