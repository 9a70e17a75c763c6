import type { Page } from '@playwright/test';
import { expect, goTo, heading, signIn, test, useHost } from './console.ts';

const host = useHost();

/** A vehicle of the demo bench, with what stands on its labels. */
interface BenchVehicle {
  readonly vcu: string;
  readonly battery: string;
  readonly motor: string;
  readonly frame: string;
  readonly phone: string;
}

/** What a scanner does: it types into whatever has the focus, and presses Enter. */
async function scan(page: Page, text: string): Promise<void> {
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

async function asked(page: Page, question: string): Promise<void> {
  await expect(page.getByRole('textbox', { name: question })).toBeFocused();
}

async function benchVehicle(page: Page, row: number): Promise<BenchVehicle> {
  await page.getByText('Demo bench').click();
  const cells = await page.locator('details table tbody tr').nth(row).locator('td').allTextContents();
  const [vcu = '', battery = '', motor = '', frame = '', phone = ''] = cells.map((cell) => cell.trim());
  return { vcu: vcu.replace(/(free unit|[CE][HV]H000\d+)$/, ''), battery, motor, frame, phone };
}

test.describe.configure({ mode: 'serial' });

test('a vehicle is commissioned by scanner and keyboard, checked live on the bench, recorded, and undone', async ({ page }) => {
  test.setTimeout(150_000);
  await signIn(page, host(), { at: '/commissioning' });
  await expect(heading(page, 'Commission a vehicle')).toBeVisible();
  const vehicle = await benchVehicle(page, 0);
  await page.getByRole('button', { name: `Switch on: ${vehicle.vcu}` }).click();
  await expect(page.getByText(`The unit of ${vehicle.frame} is switched on.`)).toBeVisible();

  await page.getByRole('textbox', { name: 'Scan the VCU or VTS number' }).focus();
  await scan(page, 'CEH0000000000');
  await expect(page.getByRole('alert').filter({ hasText: 'it was not shipped, or it was shipped and not registered' })).toBeVisible();
  await scan(page, vehicle.motor);
  await expect(page.getByRole('alert').filter({ hasText: 'This looks like a motor number' })).toBeVisible();
  await scan(page, `VCU: ${vehicle.vcu}`);
  await asked(page, 'Scan the battery number');
  await scan(page, vehicle.battery);
  await asked(page, 'Scan the motor number');
  await scan(page, vehicle.motor);
  await asked(page, 'Scan the frame number (VIN)');
  await scan(page, 'CHH00012345');
  await expect(page.getByRole('alert').filter({ hasText: 'only stands in for a frame number' })).toBeVisible();
  await scan(page, vehicle.frame);

  await expect(heading2(page, 'What is it?')).toBeVisible();
  // The stand-in frame of the unit has said what it is.
  await page.getByRole('textbox', { name: 'Registration number' }).focus();
  await scan(page, 'KA01AB1234');
  await asked(page, 'Enter the user’s phone number');
  await scan(page, '6000000001');
  await expect(page.getByRole('alert').filter({ hasText: /is bound to frame MXEV\w+ of / })).toBeVisible();
  await scan(page, vehicle.phone);
  await expect(heading2(page, 'Whose is it?')).toBeVisible();

  // What was typed is there again after a reload, in the step where it was left.
  await page.waitForTimeout(900);
  await page.reload();
  await expect(heading2(page, 'Whose is it?')).toBeVisible();
  await page.getByRole('combobox', { name: 'Customer' }).focus();
  await page.keyboard.type('Nilgai');
  await expect(page.getByRole('option', { name: 'Nilgai Riders Club' })).toBeVisible();
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: /^User name/ }).fill('Asha Rao');
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { name: 'All checks passed' })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('listitem').filter({ hasText: 'Battery number' })).toContainText('Pass');
  await expect(page.getByRole('listitem').filter({ hasText: 'CAN messages' })).toContainText('Pass');
  await expect(page.getByRole('button', { name: 'Continue' })).toBeFocused();
  await page.keyboard.press('Enter');

  await expect(page.getByRole('row', { name: /Frame number \(VIN\)/ })).toContainText(vehicle.frame);
  await expect(page.getByRole('button', { name: 'Commission', exact: true })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByLabel(/Type Confirm/i).fill('confirm');
  await page.keyboard.press('Enter');
  await expect(page.getByText(`${vehicle.frame} is commissioned.`)).toBeVisible();
  await expect(heading(page, 'Commissioning record')).toBeVisible();
  await expect(page.getByRole('img', { name: `QR code of frame number ${vehicle.frame}` }).first()).toBeVisible();
  await expect(page.getByText('Asha Rao')).toBeVisible();

  await page.getByRole('button', { name: 'Open vehicle' }).click();
  await page.getByRole('tab', { name: 'Logbook' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Commissioned' })).toBeVisible();
  await page.getByRole('link', { name: 'Open record' }).click();

  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('textbox', { name: /Why is it undone/ }).fill('Wrong frame');
  await page.getByLabel(/Type Confirm/i).fill('Confirm');
  await page.keyboard.press('Enter');
  await expect(page.getByText('This commissioning was undone.')).toBeVisible();
  await goTo(page, `/admin/products?search=${vehicle.frame}`);
  await expect(page.getByText(/^No products/)).toBeVisible();
});

function heading2(page: Page, name: string): ReturnType<Page['getByRole']> {
  return page.getByRole('heading', { level: 2, name });
}

test('a tray fills cell by cell; rows that pass are commissioned and the others stay with their reason', async ({ page }) => {
  test.setTimeout(150_000);
  await signIn(page, host(), { at: '/commissioning/tray' });
  const first = await benchVehicle(page, 1);
  await page.getByRole('button', { name: `Switch on: ${first.vcu}` }).click();
  await page.getByRole('combobox', { name: 'Model', exact: true }).fill(await modelOf(page, 1));
  await page.getByRole('option', { name: await modelOf(page, 1) }).click();
  await page.getByRole('combobox', { name: 'Battery model' }).click({ force: true });
  await page.getByRole('option').filter({ hasText: 'AH' }).first().click();
  await page.getByRole('combobox', { name: 'Customer' }).fill('Nilgai');
  await page.getByRole('option', { name: 'Nilgai Riders Club' }).click();
  await page.getByRole('textbox', { name: 'VCU / VTS number, vehicle 1' }).focus();
  for (const text of [first.vcu, first.battery, first.motor, first.frame, first.phone, 'Ravi Kumar']) {
    await scan(page, text);
    // A scanner is slower than the check of a number.
    await expect(page.locator('input:focus')).toHaveValue('');
  }
  await expect(page.getByRole('textbox', { name: 'VCU / VTS number, vehicle 2' })).toBeFocused();
  await scan(page, first.vcu);
  await expect(page.getByRole('alert').filter({ hasText: 'stands in this tray already' })).toBeVisible();
  await page.getByRole('button', { name: 'Commission 1 vehicle' }).click({ timeout: 60_000 });
  await page.getByLabel(/Type Confirm/i).fill('confirm');
  await page.keyboard.press('Enter');
  await expect(page.getByText('1 vehicle is commissioned.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'VCU / VTS number, vehicle 1' })).toHaveValue(first.vcu);
});

async function modelOf(page: Page, row: number): Promise<string> {
  return (await page.locator('details table tbody tr').nth(row).locator('td').nth(5).innerText()).trim();
}
