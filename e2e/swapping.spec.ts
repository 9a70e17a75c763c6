import { expect, goTo, heading, signIn, test, useHost } from './console.ts';

const host = useHost();
const TECHNICIAN = 'technician@commandcenter.example';

test.describe.configure({ mode: 'serial' });

test('a vehicle gets another unit, and log and logbook say who, when, from what to what and why', async ({ page }) => {
  await signIn(page, host(), { email: TECHNICIAN, at: '/devices/swapping?search=MXEV2WSN1SB100025' });
  await expect(heading(page, 'VCU/VTS swapping')).toBeVisible();
  const row = page.getByRole('row').filter({ hasText: 'MXEV2WSN1SB100025' });
  const before = /C[EH][HV]0\d{9}|CE[HV]0\d+/.exec(await row.innerText())?.[0] ?? '';
  expect(before).not.toBe('');
  await row.getByRole('checkbox').locator('..').click();
  await page.getByRole('button', { name: 'Swap' }).click();
  await page.getByRole('combobox', { name: 'New Telematics ID' }).focus();
  await page.keyboard.type('CEH0');
  const option = page.getByRole('option').filter({ hasText: 'tcu-' }).first();
  await expect(option).toBeVisible();
  const after = /CEH0\d{9}/.exec(await option.innerText())?.[0] ?? '';
  await option.click();
  await page.getByRole('textbox', { name: /^Reason/ }).fill('Unit does not start');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText(`Unit ${before} leaves MXEV2WSN1SB100025 now and ${after} takes its place.`);
  await page.getByLabel(/Type Confirm/i).fill('confirm');
  await page.keyboard.press('Enter');
  await expect(page.getByText('MXEV2WSN1SB100025 is swapped.')).toBeVisible();
  await expect(row).toContainText(after);

  await goTo(page, `/devices/swap-log?search=${after}`);
  const logged = page.getByRole('row').filter({ hasText: 'MXEV2WSN1SB100025' });
  await expect(logged).toContainText(before);
  await goTo(page, '/vehicles/grid?search=MXEV2WSN1SB100025');
  await page.getByRole('link', { name: 'MXEV2WSN1SB100025' }).click();
  await page.getByRole('tab', { name: 'Logbook' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: `Unit ${before} → ${after}` })).toContainText('Unit does not start');
});

test('a technician writes in the logbook with a photo, and corrects the entry without changing it', async ({ page }) => {
  await signIn(page, host(), { email: TECHNICIAN, at: '/vehicles/grid?search=MXEV2WSN1SB100025' });
  await page.getByRole('link', { name: 'MXEV2WSN1SB100025' }).click();
  await page.getByRole('tab', { name: 'Logbook' }).click();
  await page.getByRole('button', { name: 'Write an entry' }).click();
  await page.getByRole('textbox', { name: /^What was done/ }).fill('Front brake pads replaced');
  await page.getByRole('textbox', { name: /^Odometer/ }).fill('1204.5');
  const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  await page.getByLabel('Photos').setInputFiles({ name: 'pads.png', mimeType: 'image/png', buffer: picture });
  await expect(page.getByRole('img', { name: 'pads.png' })).toBeVisible();
  await page.getByLabel('Photos').setInputFiles({ name: 'note.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await expect(page.getByRole('alert').filter({ hasText: 'note.png is not a JPEG, PNG or WebP picture' })).toBeVisible();
  await page.getByRole('button', { name: 'Save entry' }).click();
  const entry = page.getByRole('listitem').filter({ hasText: 'Front brake pads replaced' });
  await expect(entry).toContainText('1,204.5 km');
  await entry.getByRole('button', { name: /^Photo 1/ }).click();
  await expect(page.getByRole('dialog').getByRole('img')).toBeVisible();
  await page.keyboard.press('Escape');
  await entry.getByRole('button', { name: 'Correct' }).click();
  await page.getByRole('textbox', { name: /^What was done/ }).fill('Rear brake pads replaced');
  await page.getByRole('button', { name: 'Save entry' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Rear brake pads replaced' })).toContainText('Corrects the entry of');
  await expect(entry).toContainText('Corrected below');
});

test('Operation sees units and logbooks and changes none', async ({ page }) => {
  await signIn(page, host(), { email: 'operation@commandcenter.example', at: '/devices/swapping' });
  await expect(heading(page, 'VCU/VTS swapping')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'MXEV' }).first()).toBeVisible();
  await expect(page.getByRole('checkbox')).toHaveCount(0);
  await goTo(page, '/commissioning');
  await expect(heading(page, 'Not for this role')).toBeVisible();
});
