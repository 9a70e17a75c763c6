import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import type { Page } from '@playwright/test';
import { expect, heading, signIn, test, useHost } from './console.ts';

const host = useHost();
let folder = '';
test.beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'bulk-upload-'))));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** VIN and VCU ID of the first vehicles of the Products page, which is sorted by VIN. */
async function firstVehicles(page: Page): Promise<readonly { readonly vin: string; readonly vcu: string }[]> {
  await signIn(page, host(), { at: '/admin/products' });
  const rows = page.getByRole('group', { name: 'Products' }).getByRole('row').filter({ hasText: /MX\w{10}/ });
  await expect(rows.nth(1)).toBeVisible();
  return (await rows.allInnerTexts()).slice(0, 2).map((text) => {
    const vin = /\bMX\w{10,}/.exec(text)?.[0];
    const vcu = /\bC[EH]\w{5,}/.exec(text)?.[0];
    if (vin === undefined || vcu === undefined) throw new Error(`no VIN and VCU ID in ${text}`);
    return { vin, vcu };
  });
}

async function openPage(page: Page): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/#/admin/bulk-upload`);
  await expect(heading(page, 'Bulk Upload')).toBeVisible();
}

/** Saves what a button offers under a name and returns the workbook. */
async function save(page: Page, button: RegExp | string, name: string): Promise<{ workbook: ExcelJS.Workbook; path: string; offered: string }> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).first().click();
  const file = await download;
  const path = join(folder, name);
  await file.saveAs(path);
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(path);
  return { workbook, path, offered: file.suggestedFilename() };
}

async function upload(page: Page, path: string): Promise<void> {
  await page.getByLabel('File to upload').setInputFiles(path);
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
}

const preview = (page: Page): ReturnType<Page['getByRole']> => page.getByRole('group', { name: 'Preview' });

test('many vehicles are changed by one file: template, preview, Confirm, history, failed records corrected', async ({ page }) => {
  const [first, second] = await firstVehicles(page);
  if (!first || !second) throw new Error('the demo has fewer than two vehicles');
  await openPage(page);
  await expect(page.getByText('Sales Data Update').first()).toBeVisible();
  const { workbook, path, offered } = await save(page, 'Download template', 'template.xlsx');
  expect(offered).toMatch(/^Sales Data Update .*\.xlsx$/);
  const sheet = workbook.getWorksheet('Sales Data Update');
  if (!sheet) throw new Error('the template has no sheet of its name');
  expect(sheet.getRow(1).values).toEqual([undefined, 'VIN No', 'VCU ID', 'Registration Number', 'Product Status', 'Vehicle Location', 'Customer Name', 'User Name', 'User Mobile Number']);
  // The sample rows stay where they are; the rows of one's own follow.
  sheet.getRow(4).values = [first.vin, first.vcu, 'KA 05 ZZ 0001', 'Demo', null, null, 'Asha Rao', null];
  sheet.getRow(5).values = [second.vin, second.vcu, null, null, 'Atlantis', null, 'Ravi Iyer', null];
  await workbook.xlsx.writeFile(path);

  await upload(page, path);
  await expect(page.getByRole('heading', { name: 'What template.xlsx will do' })).toBeVisible();
  await expect(page.getByText('2 sample rows were left out.')).toBeVisible();
  await expect(preview(page).getByRole('row').filter({ hasText: second.vin })).toContainText('there is no location “Atlantis”');
  await page.getByRole('radio', { name: /^Changes/ }).click();
  await preview(page).getByRole('row').filter({ hasText: first.vin }).click();
  const details = page.getByRole('complementary', { name: first.vin });
  await expect(details.getByRole('row', { name: /^Registration Number/ })).toContainText('KA 05 ZZ 0001');
  await expect(details.getByRole('row', { name: /^User Name/ })).toContainText('Asha Rao');

  await page.getByRole('button', { name: 'Apply 1 record' }).click();
  const dialog = page.getByRole('dialog', { name: 'Apply template.xlsx' });
  await expect(dialog).toContainText('1 record fails and is left out.');
  await expect(dialog.getByRole('button', { name: 'Apply 1 record' })).toBeDisabled();
  await dialog.getByRole('textbox').fill('confirm');
  await dialog.getByRole('button', { name: 'Apply 1 record' }).click();
  await expect(page.getByRole('status').filter({ hasText: '1 record passed' })).toBeVisible();
  const history = page.getByRole('row').filter({ hasText: 'template.xlsx' });
  await expect(history).toContainText('COMPLETED');

  const failed = await save(page, /^Download failed records/, 'failed.xlsx');
  const wrong = failed.workbook.getWorksheet('Sales Data Update');
  expect(wrong?.rowCount).toBe(2);
  expect(String(wrong?.getCell('I2').value)).toContain('Atlantis');
  if (wrong) wrong.getCell('E2').value = null;
  await failed.workbook.xlsx.writeFile(failed.path);
  await page.getByRole('button', { name: 'Upload another file' }).click();
  await upload(page, failed.path);
  await page.getByRole('button', { name: 'Apply 1 record' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('Confirm');
  await page.getByRole('dialog').getByRole('button', { name: 'Apply 1 record' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'failed.xlsx' })).toContainText('COMPLETED');

  await page.goto(`${new URL(page.url()).origin}/#/admin/sales?search=${second.vin}`);
  await expect(page.getByRole('row').filter({ hasText: second.vin })).toContainText('Ravi Iyer');
});

test('a file that is no template is refused in words, and nothing is lost', async ({ page }) => {
  await signIn(page, host());
  await openPage(page);
  const refused = async (name: string, content: string | Buffer, words: RegExp): Promise<void> => {
    const path = join(folder, name);
    writeFileSync(path, content);
    await upload(page, path);
    await expect(page.getByRole('alert')).toContainText(words);
  };
  await refused('notes.xlsx', 'VIN No,Colour\nMX1,red', /The column names are not those of “Sales Data Update”: missing: “VCU ID”.*“Colour”/);
  await refused('old.xls', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]), /old \.xls format/);
  await refused('picture.xlsx', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /neither an \.xlsx nor a CSV/);
  await refused('large.csv', Buffer.alloc(11 * 1024 * 1024, 'a,'), /larger than 10 MB/);
  await expect(page.getByText('large.csv')).toBeVisible();
});

test('who reads everything and changes nothing sees the history and no upload', async ({ page }) => {
  await signIn(page, host(), { email: 'operation@commandcenter.example' });
  await openPage(page);
  await expect(page.getByRole('heading', { name: /^History/ })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Choose file' })).toHaveCount(0);
});

test('a list is exported, changed and uploaded again: what differs is shown, what is new is added', async ({ page }) => {
  await signIn(page, host(), { at: '/admin/customers' });
  await expect(page.getByRole('row').nth(2)).toBeVisible();
  const { workbook, path } = await save(page, 'Download', 'customers.xlsx');
  const sheet = workbook.worksheets[0];
  if (!sheet) throw new Error('the export has no sheet');
  const columnOf = (name: string): number => (sheet.getRow(1).values as unknown[]).indexOf(name);
  const name = String(sheet.getRow(2).getCell(columnOf('Customer Name')).value);
  sheet.getRow(2).getCell(columnOf('Address')).value = '77 Changed Road';
  const added: Record<string, string> = { 'Customer Name': 'Uploaded Fleet', Address: '1 New Road', City: 'Pune', 'Pin Code': '411001', 'Mobile Number': '9845099999', 'Email Id': 'new@fleet.example' };
  const row = sheet.addRow([]);
  for (const [column, value] of Object.entries(added)) row.getCell(columnOf(column)).value = value;
  await workbook.xlsx.writeFile(path);

  await page.getByRole('button', { name: 'Import' }).click();
  await upload(page, path);
  await page.getByRole('radio', { name: /^Changes/ }).click();
  await expect(preview(page).getByRole('row').filter({ hasText: name })).toContainText('→ 77 Changed Road');
  await page.getByRole('radio', { name: /^Adds/ }).click();
  await expect(preview(page).getByRole('row').filter({ hasText: 'Uploaded Fleet' })).toContainText('City: blank → Pune');
  await page.getByRole('button', { name: 'Apply 2 records' }).click();
  const dialog = page.getByRole('dialog', { name: 'Apply customers.xlsx' });
  await dialog.getByRole('textbox').fill('Confirm');
  await dialog.getByRole('button', { name: 'Apply 2 records' }).click();
  await expect(page.getByRole('status').filter({ hasText: /records passed/ })).toBeVisible();
  await page.getByRole('dialog', { name: 'Import customers' }).getByRole('button', { name: /Close/ }).first().click();
  await expect(page.getByRole('row').filter({ hasText: 'Uploaded Fleet' })).toContainText('1 New Road');
});
