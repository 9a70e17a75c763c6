import { readFileSync } from 'node:fs';
import { expect, goTo, heading, signIn, test, useHost } from './console.ts';

const host = useHost();

test.beforeEach(async ({ page }) => {
  await signIn(page, host());
});

/** Chooses the unit of a vehicle that drives. */
async function chooseUnit(page: Parameters<typeof goTo>[0]): Promise<void> {
  await goTo(page, '/can');
  await page.getByRole('combobox', { name: 'Unit' }).fill('MXEV2WSN1SB100025');
  await page.getByRole('option', { name: /MXEV2WSN1SB100025/ }).click();
  await expect(page.getByRole('button', { name: 'Signals of BMS_Pack' })).toBeVisible();
}

test('the frames of a unit are named, opened into signals, and a signal is followed', async ({ page }) => {
  await chooseUnit(page);
  await expect(page.getByRole('listitem').filter({ hasText: 'Bus 0' })).toContainText('two-wheeler.dbc');
  await page.getByRole('button', { name: 'Signals of BMS_Pack' }).click();
  await page.getByRole('checkbox', { name: 'Watch StateOfCharge' }).press('Space');
  await page.getByRole('radio', { name: /^Signals/ }).click();
  const row = page.getByRole('row', { name: /StateOfCharge/ });
  await expect(row).toContainText('%');
  await expect(row).toContainText('soc');
  await page.getByRole('radio', { name: 'Trace' }).click();
  await expect(page.getByRole('row', { name: /BMS_Pack/ }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
});

test('a recording is downloaded, and played again from the file', async ({ page }) => {
  await chooseUnit(page);
  await page.getByRole('button', { name: 'Record' }).click();
  await page.getByRole('menuitem', { name: /candump/ }).click();
  await expect(page.getByRole('status').filter({ hasText: /Recording [1-9]/ })).toBeVisible();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Stop recording' }).click();
  const download = await downloading;
  const path = await download.path();
  expect(readFileSync(path, 'utf8')).toMatch(/^\(\d+\.\d{6}\) can0 [0-9A-F]+#/);
  await page.locator('input[type=file]').setInputFiles({ name: 'bench.log', mimeType: 'text/plain', buffer: readFileSync(path) });
  await expect(page.getByText(/^bench\.log · candump · /)).toBeVisible();
  await expect(page.getByText('unknown id').first()).toBeVisible();
  await page.getByRole('combobox', { name: 'DBC file' }).click({ force: true });
  await page.getByRole('option', { name: 'two-wheeler.dbc' }).click();
  await expect(page.getByText('BMS_Pack').first()).toBeVisible();
  await page.getByRole('button', { name: 'Close log' }).click();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
});

test('a file that is no log says so', async ({ page }) => {
  await goTo(page, '/can');
  await page.locator('input[type=file]').setInputFiles({ name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<html>hello</html>') });
  await expect(page.getByText(/^page\.html cannot be read/)).toBeVisible();
});

test('a corrected DBC file is compared, added, assigned and decodes at once', async ({ page }) => {
  await goTo(page, '/can/dbc');
  await expect(heading(page, 'DBC files')).toBeVisible();
  const corrected = readFileSync(new URL('../resources/dbc/two-wheeler.dbc', import.meta.url), 'utf8').replace('(0.1,0)', '(0.2,0)');
  await page.getByRole('button', { name: 'Add file' }).click();
  const choose = page.locator('input[type=file]');
  await choose.setInputFiles({ name: 'notes.dbc', mimeType: 'text/plain', buffer: Buffer.from('not a DBC file') });
  await expect(page.getByText('0 messages, 0 signals')).toBeVisible();
  await expect(page.getByRole('complementary').getByRole('button', { name: 'Add file' })).toBeDisabled();
  await choose.setInputFiles({ name: 'two-wheeler.dbc', mimeType: 'text/plain', buffer: Buffer.from(corrected) });
  await expect(page.getByText('changes values').first()).toBeVisible();
  await page.getByRole('complementary').getByRole('button', { name: 'Add file' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('confirm');
  await page.getByRole('dialog').getByRole('button', { name: 'Add file' }).click();
  await expect(page.getByText(/was added\. Assign it/)).toBeVisible();
  await expect(page.getByRole('row', { name: /two-wheeler\.dbc .* this installation/ })).toBeVisible();

  await page.getByRole('button', { name: 'Change Nilgai Sprint' }).click();
  await page.getByRole('combobox', { name: 'DBC file' }).click({ force: true });
  const added = page.getByRole('option', { name: /^two-wheeler\.dbc/ }).last();
  await added.click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('Confirm');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Nilgai Sprint is decoded by the new assignments.')).toBeVisible();
  await expect(page.getByRole('row', { name: /this installation/ })).toContainText('Nilgai Sprint, bus 0');
});

test('a parameter is added, and says when it takes effect', async ({ page }) => {
  await goTo(page, '/can/parameters');
  await page.getByRole('button', { name: 'Add parameter' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Enter a label.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Key', exact: true }).fill('seatLock');
  await page.getByRole('textbox', { name: 'Label', exact: true }).fill('Seat lock');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('confirm');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Seat lock was saved.')).toBeVisible();
  await expect(page.getByText(/^1 parameters wait|take effect when the workspace is opened again/).first()).toBeVisible();
  await page.getByRole('radio', { name: /Own and changed/ }).click();
  await expect(page.getByRole('row', { name: /seatLock/ })).toBeVisible();
});
