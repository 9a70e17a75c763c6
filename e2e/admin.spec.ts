import type { Locator, Page } from '@playwright/test';
import ExcelJS from 'exceljs';
import { DEMO_PASSWORD, expect, fillSignIn, goTo, heading, openConsole, signIn, test, useHost } from './console.ts';

const host = useHost();
const OPERATION = 'operation@commandcenter.example';
const B2B = 'b2b@commandcenter.example';

const drawer = (page: Page): Locator => page.getByRole('complementary');
const grid = (page: Page, label: string): Locator => page.getByRole('group', { name: label, exact: true });
const row = (page: Page, label: string, text: string): Locator => grid(page, label).getByRole('row').filter({ hasText: text });
const total = (page: Page): Locator => page.getByRole('main').getByText(/^[\d,]+–[\d,]+ of [\d,]+ items?$|^0 items$/);
const search = (page: Page): Locator => page.getByRole('textbox', { name: 'Search here…' });
const input = (page: Page, label: string): Locator => drawer(page).getByRole('textbox', { name: label });

async function choose(page: Page, label: string, text: string): Promise<void> {
  await drawer(page).getByRole('combobox', { name: label, exact: true }).fill(text);
  await page.getByRole('option', { name: new RegExp(text) }).first().click();
}
async function select(page: Page, label: string, option: string): Promise<void> {
  // The select's placeholder lies over its input.
  await drawer(page).getByRole('combobox', { name: label, exact: true }).click({ force: true });
  await page.getByRole('option', { name: option, exact: true }).click();
}
async function confirm(page: Page, button: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: button })).toBeDisabled();
  await dialog.getByRole('textbox').fill('confirm');
  await dialog.getByRole('button', { name: button }).click();
}
async function save(page: Page): Promise<void> {
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await drawer(page).getByRole('button', { name: 'Save' }).click();
  await confirm(page, 'Save');
}
/** Texts of one column of the rows that are drawn, from the top. */
async function column(page: Page, label: string, title: string): Promise<string[]> {
  await expect(total(page)).toHaveText(/of [\d,]+ items?$/);
  await expect(grid(page, label).getByRole('columnheader').filter({ hasText: title }).first()).toBeVisible();
  const titles = await grid(page, label).getByRole('columnheader').allInnerTexts();
  const at = titles.findIndex((text) => text.trim() === title);
  expect(at, `column ${title}`).toBeGreaterThanOrEqual(0);
  const cells = await grid(page, label).getByRole('row').evaluateAll((all, index) => all.map((one) => ({ row: Number(one.getAttribute('aria-rowindex')), text: one.querySelectorAll('[role=cell], [role=gridcell]')[index]?.textContent?.trim() })), at);
  return cells.filter((cell) => cell.text !== undefined).sort((a, b) => a.row - b.row).map((cell) => cell.text ?? '');
}

test('a customer is added, changed and deleted, each after Confirm, and its history says who did what', async ({ page }) => {
  await signIn(page, host(), { at: '/admin/customers' });
  await page.getByRole('button', { name: 'Add customer' }).click();
  await drawer(page).getByRole('button', { name: 'Save' }).click();
  await expect(drawer(page).getByText('Check the 6 marked fields.')).toBeVisible();
  await input(page, 'Customer Name').fill('Nilgai Riders Club');
  await input(page, 'Address').fill('7 Cubbon Road');
  await choose(page, 'City', 'Pune');
  await input(page, 'Pin Code').fill('411001');
  await input(page, 'Mobile Number').fill('98450 12345');
  await input(page, 'Email Id').fill('not an address');
  await expect(drawer(page).getByText('Enter an e-mail address')).toBeVisible();
  await input(page, 'Email Id').fill('desk@zebra.example');
  await save(page);
  // The name is taken: the form says so at the field and has kept everything.
  await expect(drawer(page).getByText('Another customer has Customer Name Nilgai Riders Club already')).toBeVisible();
  await expect(input(page, 'Address')).toHaveValue('7 Cubbon Road');
  await input(page, 'Customer Name').fill('Zebra Riders');
  await save(page);
  await expect(page.getByText('Zebra Riders was added.')).toBeVisible();
  await expect(drawer(page).getByRole('heading', { name: 'Zebra Riders' })).toBeVisible();

  await drawer(page).getByRole('button', { name: 'Edit' }).click();
  await input(page, 'Address').fill('8 Cubbon Road');
  await drawer(page).getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog')).toContainText('1 field of Zebra Riders changes');
  await expect(page.getByRole('dialog')).toContainText('7 Cubbon Road → 8 Cubbon Road');
  await confirm(page, 'Save');
  await expect(page.getByText('Zebra Riders was changed.')).toBeVisible();
  const history = drawer(page).getByRole('region', { name: 'History' });
  await expect(history.getByRole('listitem').first()).toContainText('7 Cubbon Road → 8 Cubbon Road');
  await expect(history.getByRole('listitem')).toHaveCount(2);

  await row(page, 'Customers', 'Zebra Riders').locator('.el-checkbox').click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('dialog')).toContainText('The customer Zebra Riders is deleted.');
  await confirm(page, 'Delete');
  await expect(page.getByText('Zebra Riders was deleted.')).toBeVisible();
  await expect(row(page, 'Customers', 'Zebra Riders')).toHaveCount(0);
});

test('a customer with vehicles is not deleted, and the refusal says how many', async ({ page }) => {
  await signIn(page, host(), { at: '/admin/customers' });
  await row(page, 'Customers', 'Hariyali Rentals').locator('.el-checkbox').click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await confirm(page, 'Delete');
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText(/This customer is used by \d+ sales/);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await expect(row(page, 'Customers', 'Hariyali Rentals')).toHaveCount(1);
});

test('what was entered is given up only when the user says so', async ({ page }) => {
  await signIn(page, host(), { at: '/admin/customers' });
  await page.getByRole('button', { name: 'Add customer' }).click();
  await input(page, 'Customer Name').fill('Half a customer');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Keep editing' }).click();
  await expect(input(page, 'Customer Name')).toHaveValue('Half a customer');
  await page.getByRole('link', { name: 'Locations' }).click();
  await page.getByRole('button', { name: 'Keep editing' }).click();
  await expect(input(page, 'Customer Name')).toHaveValue('Half a customer');
  await row(page, 'Customers', 'Hariyali Rentals').getByText('Hariyali Rentals LLP').click();
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(drawer(page).getByRole('heading', { name: 'Hariyali Rentals LLP' })).toBeVisible();
});

test('a product is added by the manual’s form; its unit’s numbers cannot be edited; a clash names the frame', async ({ page }) => {
  await signIn(page, host(), { at: '/admin/products' });
  const [vin] = await column(page, 'Products', 'VIN No');
  const [bms] = await column(page, 'Products', 'BMS ID');
  await page.getByRole('button', { name: 'Add product' }).click();
  await choose(page, 'Model', 'Nilgai Sprint');
  await input(page, 'VIN No').fill('MX00E2E001');
  await input(page, 'Motor ID').fill('KE00E2E001');
  await input(page, 'Telematics ID').fill('CEH0E2E001');
  await input(page, 'Device ID').fill('tcu-e2e001');
  await input(page, 'BMS ID').fill((bms ?? '').toLowerCase());
  await select(page, 'Communication Type', 'WiFi');
  await drawer(page).getByRole('combobox', { name: 'Battery Model', exact: true }).click({ force: true });
  await page.getByRole('option').filter({ hasText: /AH/ }).first().click();
  await save(page);
  await expect(drawer(page).getByText(`already belongs to VIN No ${vin}`)).toBeVisible();
  await input(page, 'BMS ID').fill('Bms00E2E001');
  await save(page);
  await expect(page.getByText('MX00E2E001 was added.')).toBeVisible();
  await drawer(page).getByRole('button', { name: 'Edit' }).click();
  await expect(drawer(page).getByText('CEH0E2E001')).toBeVisible();
  await expect(input(page, 'Telematics ID')).toHaveCount(0);
  await expect(input(page, 'Device ID')).toHaveCount(0);
  await input(page, 'Registration Number').fill('KA 01 EV 4242');
  await save(page);
  await search(page).fill('ka 01 ev 4242');
  await expect(total(page)).toHaveText('1–1 of 1 item');
  await goTo(page, '/admin/sales?search=MX00E2E001');
  await expect(row(page, 'Sales', 'MX00E2E001')).toHaveCount(1);
  await expect(page.getByRole('button', { name: /^Add / })).toHaveCount(0);
});

test('a sale is edited: mandatory marks, read-only frame, dates and a phone number that another frame has', async ({ page }) => {
  await signIn(page, host(), { at: '/admin/sales' });
  // Vehicles of the demo: what another test adds has no user yet.
  const vins = (await column(page, 'Sales', 'VIN No')).filter((vin) => vin.startsWith('MXEV'));
  await row(page, 'Sales', vins[0] ?? '').getByText(vins[0] ?? '').click();
  await expect(drawer(page)).toContainText(/6000\d{6}/);
  const phone = /\b6000\d{6}\b/.exec(await drawer(page).innerText())?.[0] ?? '';
  await row(page, 'Sales', vins[1] ?? '').locator('.el-checkbox').click();
  await page.getByRole('main').getByRole('button', { name: 'Edit' }).first().click();
  await expect(drawer(page).getByRole('heading', { name: `Edit ${vins[1]}` })).toBeVisible();
  await input(page, 'Phone Number').fill('');
  await input(page, 'User Name').fill('  Ravi Kumar  ');
  await drawer(page).getByRole('button', { name: 'Save' }).click();
  await expect(drawer(page).getByText('Enter Phone Number.')).toBeVisible();
  await input(page, 'Phone Number').fill(phone);
  await save(page);
  await expect(drawer(page).getByText(`already belongs to VIN No ${vins[0]}`)).toBeVisible();
  await input(page, 'Phone Number').fill('+91 99000 11223');
  await save(page);
  await expect(page.getByText(`${vins[1]} was changed.`)).toBeVisible();
  await search(page).fill('9900011223');
  await expect(total(page)).toHaveText('1–1 of 1 item');
  expect(await column(page, 'Sales', 'User Name')).toEqual(['Ravi Kumar']);
});

test('lists are filtered, sorted and paged over all rows, and the address holds it', async ({ page }) => {
  await signIn(page, host(), { at: '/admin/sales' });
  await expect(total(page)).toHaveText(/^1–20 of 5\d items$/);
  await page.getByRole('button', { name: 'Next page' }).click();
  await expect(page).toHaveURL(/page=2/);
  await expect(total(page)).toHaveText(/^21–\d+ of 5\d items$/);
  await page.getByRole('button', { name: 'Product Status' }).first().click();
  await page.getByRole('group', { name: 'Product Status' }).getByText('Demo', { exact: true }).click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/productStatus=Demo/);
  await expect(total(page)).toHaveText(/^1–\d+ of \d items?$/);
  const count = Number(/of (\d+)/.exec(await total(page).innerText())?.[1]);
  await grid(page, 'Sales').getByRole('columnheader').filter({ hasText: 'User Name' }).getByRole('button').click();
  await grid(page, 'Sales').getByRole('columnheader').filter({ hasText: 'User Name' }).getByRole('button').click();
  await expect(page).toHaveURL(/sort=userName\.desc/);
  await expect.poll(async () => {
    const names = (await column(page, 'Sales', 'User Name')).filter((name) => name !== '–');
    return names.join() === [...names].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? 1 : -1)).join();
  }).toBe(true);
  await page.reload();
  await expect(total(page)).toHaveText(new RegExp(`of ${count} items?$`));
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(total(page)).toHaveText(/of 5\d items$/);
});

test('the download holds what the grid shows, with typed cells', async ({ page }) => {
  await signIn(page, host(), { at: '/admin/sales?search=Hariyali&sort=vin.desc' });
  await expect(total(page)).toHaveText(/^1–\d+ of \d+ items?$/);
  const shown = await column(page, 'Sales', 'VIN No');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()]);
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(await download.path());
  const sheet = workbook.worksheets[0]!;
  const titles = (sheet.getRow(1).values as string[]).slice(1);
  const values = (title: RegExp): ExcelJS.CellValue[] => Array.from({ length: sheet.actualRowCount - 1 }, (_, n) => sheet.getRow(n + 2).getCell(titles.findIndex((text) => title.test(text)) + 1).value);
  expect(values(/^VIN/).slice(0, shown.length)).toEqual(shown);
  expect(values(/^Warranty/).filter((value) => value !== null).every((value) => value instanceof Date)).toBe(true);
  expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 });
});

test('a location is found in the offline gazetteer, its zone follows its state', async ({ page }) => {
  await signIn(page, host(), { at: '/admin/locations' });
  await page.getByRole('button', { name: 'Add location' }).click();
  await drawer(page).getByRole('textbox', { name: 'Find a city' }).fill('mysuru');
  await page.keyboard.press('Enter');
  await drawer(page).getByRole('list', { name: 'Places found' }).getByRole('button').first().click();
  await expect(input(page, 'State')).toHaveValue('Karnataka');
  await expect(input(page, 'Zone')).toHaveValue('South');
  await input(page, 'State').fill('Maharashtra');
  await expect(input(page, 'Zone')).toHaveValue('West');
  await input(page, 'State').fill('Karnataka');
  await save(page);
  await expect(page.getByText(/was added\.$/)).toBeVisible();
  await page.getByRole('button', { name: 'Zone' }).first().click();
  await page.getByRole('group', { name: 'Zone' }).getByText('South', { exact: true }).click();
  await page.keyboard.press('Escape');
  await expect.poll(async () => new Set(await column(page, 'Locations', 'Zone'))).toEqual(new Set(['South']));
});

test('two windows edit one row: the second sees the first’s change and keeps its own typing', async ({ page, browser }) => {
  await signIn(page, host(), { at: '/admin/customers?search=Sahyog' });
  await row(page, 'Customers', 'Sahyog').getByText('Sahyog Auto').click();
  await drawer(page).getByRole('button', { name: 'Edit' }).click();
  await input(page, 'Address').fill('My own address');

  const other = await (await browser.newContext()).newPage();
  await signIn(other, host(), { at: '/admin/customers?search=Sahyog' });
  await row(other, 'Customers', 'Sahyog').getByText('Sahyog Auto').click();
  await drawer(other).getByRole('button', { name: 'Edit' }).click();
  await input(other, 'Address').fill('Their address');
  await input(other, 'Pin Code').fill('110099');
  await save(other);
  await expect(other.getByText(/was changed\.$/)).toBeVisible();

  await expect(drawer(page).getByRole('status').filter({ hasText: 'changed this row' })).toBeVisible();
  await expect(input(page, 'Address')).toHaveValue('My own address');
  await expect(input(page, 'Pin Code')).toHaveValue('110099');
  await expect(drawer(page).getByText('Now: Their address. Saving replaces it.')).toBeVisible();
  await save(page);
  await expect(page.getByText(/was changed\.$/)).toBeVisible();
  await expect(drawer(page).getByRole('region', { name: 'History' }).getByRole('listitem').first()).toContainText('Their address → My own address');
  // The other window says that its rows are old, and shows the new ones when asked.
  await other.getByRole('button', { name: 'Rows have changed. Show them.' }).click();
  await expect(row(other, 'Customers', 'My own address')).toHaveCount(1);
  await other.context().close();
});

test('Operation reads every page of Admin and changes none', async ({ page }) => {
  await signIn(page, host(), { email: OPERATION, at: '/admin/products' });
  for (const [address, title] of [['/admin/products', 'Products'], ['/admin/sales', 'Sales'], ['/admin/customers', 'Customers'], ['/admin/locations', 'Locations']] as const) {
    await goTo(page, address);
    await expect(heading(page, title)).toBeVisible();
    await expect(total(page)).toHaveText(/of \d+ items$/);
    await expect(page.getByRole('button', { name: /^Add / })).toHaveCount(0);
    await expect(grid(page, title).getByRole('checkbox')).toHaveCount(0);
    await grid(page, title).getByRole('row').nth(1).click();
    await expect(drawer(page).getByRole('region', { name: 'History' })).toBeVisible();
    await expect(drawer(page).getByRole('button', { name: 'Edit' })).toHaveCount(0);
  }
});

test('B2B reads the sales of its customer, and nothing else of Admin', async ({ page }) => {
  await openConsole(page, host());
  await fillSignIn(page, B2B, DEMO_PASSWORD);
  await page.getByRole('link', { name: 'Admin' }).click();
  await expect(heading(page, 'Sales')).toBeVisible();
  await expect(total(page)).toHaveText(/of \d+ items$/);
  expect(Number(/of (\d+)/.exec(await total(page).innerText())?.[1])).toBeLessThan(30);
  expect(new Set(await column(page, 'Sales', 'Customer Name')).size).toBe(1);
  await page.getByRole('button', { name: 'Customer' }).first().click();
  await expect(page.getByRole('group', { name: 'Customer' }).getByRole('listitem')).toHaveCount(1);
  await page.keyboard.press('Escape');
  for (const address of ['/admin/products', '/admin/customers', '/admin/locations']) {
    await goTo(page, address);
    await expect(heading(page, 'Not for this role')).toBeVisible();
  }
});
