import type { Locator, Page } from '@playwright/test';
import ExcelJS from 'exceljs';
import { expect, heading, signIn, test, useHost } from './console.ts';

const host = useHost();

const grid = (page: Page): Locator => page.getByRole('group', { name: 'Grid view' });
const rows = (page: Page): Locator => grid(page).getByRole('row').filter({ has: page.getByRole('link') });
const header = (page: Page, title: string): Locator => grid(page).getByRole('columnheader').filter({ hasText: title });
const total = (page: Page): Locator => page.getByRole('main').getByText(/^[\d,–]+ of [\d,]+ items?$|^0 items$/);

/** The texts of one column in the rows that are drawn, from the top. */
async function column(page: Page, title: string): Promise<string[]> {
  const titles = await grid(page).getByRole('columnheader').allInnerTexts();
  const at = titles.findIndex((text) => text.trim() === title);
  expect(at, `column ${title}`).toBeGreaterThanOrEqual(0);
  const cells = await rows(page).evaluateAll((all, index) => all.map((row) => ({ row: Number(row.getAttribute('aria-rowindex')), text: row.querySelectorAll('[role=cell], [role=gridcell]')[index]?.textContent?.trim() ?? '' })), at);
  return cells.sort((a, b) => a.row - b.row).map(({ text }) => text);
}
const numbers = (texts: readonly string[]): number[] => texts.filter((text) => text !== '–').map((text) => Number(text.replaceAll(',', '')));

test.beforeEach(async ({ page }) => {
  await signIn(page, host(), { at: '/vehicles/grid' });
  await expect(heading(page, 'Grid view')).toBeVisible();
  await expect(rows(page).first()).toBeVisible();
});

for (const direction of ['ascending', 'descending'] as const) {
  test(`sorts by SoC ${direction}, over all rows and not those shown`, async ({ page }) => {
    const title = header(page, 'SoC (%)');
    const button = title.getByRole('button');
    await button.click();
    if (direction === 'descending') await button.click();
    await expect(title).toHaveAttribute('aria-sort', direction);
    const sorted = (values: number[]): boolean => values.every((value, i) => i === 0 || (direction === 'ascending' ? values[i - 1]! <= value : values[i - 1]! >= value));
    // Values change while one looks: a page is in order as soon as it has been read anew.
    let first: number[] = [];
    await expect(async () => {
      first = numbers(await column(page, 'SoC (%)'));
      expect(first.length).toBeGreaterThan(10);
      expect(sorted(first), first.join()).toBe(true);
    }).toPass();
    await grid(page).focus();
    await page.keyboard.press('End');
    await expect(total(page)).toHaveText(/–50 of 50 items/);
    await expect(async () => {
      const last = numbers(await column(page, 'SoC (%)'));
      expect(sorted([first[0]!, ...last]), last.join()).toBe(true);
      expect(last.at(-1)).not.toBe(first.at(-1));
    }).toPass();
  });
}

test('the search goes over every row and every searchable column', async ({ page }) => {
  await grid(page).focus();
  await page.keyboard.press('End');
  await expect(total(page)).toHaveText(/–50 of 50 items/);
  const vin = (await column(page, 'VIN')).at(-1)!;
  await page.keyboard.press('Home');
  await expect(total(page)).toHaveText(/^1–/);
  expect(await column(page, 'VIN')).not.toContain(vin);
  const search = page.getByRole('textbox', { name: 'Search here…' });
  await search.fill(vin.slice(4).toLowerCase());
  await expect(total(page)).toHaveText('1–1 of 1 item');
  expect(await column(page, 'VIN')).toEqual([vin]);
  await search.fill('nilgai riders');
  await expect(total(page)).toHaveText(/of 1\d items/);
  expect(new Set(await column(page, 'Customer'))).toEqual(new Set(['Nilgai Riders Club']));
  await search.fill('nothing like this');
  await expect(page.getByText('No vehicle matches')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(total(page)).toHaveText(/of 50 items/);
});

test('pages can be turned, and the footer says where one is', async ({ page }) => {
  await page.getByText('All, scrolling').first().click();
  await page.getByRole('option', { name: '20 per page' }).click();
  await expect(page.getByText('1 / 3')).toBeVisible();
  const first = (await column(page, 'VIN'))[0];
  await page.getByRole('button', { name: 'Next page' }).click();
  await expect(total(page)).toHaveText(/^21–\d+ of 50 items$/);
  await expect.poll(async () => (await column(page, 'VIN'))[0]).not.toBe(first);
  await page.getByText('20 per page').first().click();
  await page.getByRole('option', { name: 'All, scrolling' }).click();
  await expect(total(page)).toHaveText(/^1–\d+ of 50 items$/);
});

test('a hidden column stays hidden after a reload, and can be shown again', async ({ page }) => {
  const speed = header(page, 'Speed (km/h)');
  await expect(speed).toBeVisible();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByText('Speed (km/h)', { exact: true }).last().click();
  await expect(speed).toHaveCount(0);
  await page.reload();
  await expect(rows(page).first()).toBeVisible();
  await expect(speed).toHaveCount(0);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  await expect(speed).toBeVisible();
});

test('the export is an .xlsx of what the grid shows, with typed cells and a frozen heading', async ({ page }) => {
  await page.getByRole('textbox', { name: 'Search here…' }).fill('Nilgai Riders');
  await expect(total(page)).toHaveText(/of 1\d items/);
  const shown = Number(/of (\d+)/.exec(await total(page).innerText())![1]);
  await header(page, 'SoC (%)').getByRole('button').click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export to Excel' }).click()]);
  expect(download.suggestedFilename()).toMatch(/\.xlsx$/);
  await expect(page.getByText(/\.xlsx is ready/)).toBeVisible();
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(await download.path());
  const sheet = workbook.worksheets[0]!;
  expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 });
  expect(sheet.actualRowCount - 1).toBe(shown);
  const titles = (sheet.getRow(1).values as string[]).slice(1);
  const values = (title: RegExp): ExcelJS.CellValue[] => {
    const at = titles.findIndex((text) => title.test(text)) + 1;
    expect(at, String(title)).toBeGreaterThan(0);
    return Array.from({ length: shown }, (_, i) => sheet.getRow(i + 2).getCell(at).value).filter((value) => value !== null);
  };
  expect(values(/^VIN/).every((value) => typeof value === 'string' && value.startsWith('MX'))).toBe(true);
  expect(values(/^SoC/).every((value) => typeof value === 'number')).toBe(true);
  expect(values(/^SoC/)).toEqual((values(/^SoC/) as number[]).toSorted((a, b) => a - b));
  expect(values(/^Last communication/).every((value) => value instanceof Date)).toBe(true);
  expect(values(/^Purchase date/).every((value) => value instanceof Date)).toBe(true);
  expect(new Set(values(/^Customer/))).toEqual(new Set(['Nilgai Riders Club']));
});

test('everything works from the keyboard: search, move, open, back', async ({ page }) => {
  await page.keyboard.press('/');
  const search = page.getByRole('textbox', { name: 'Search here…' });
  await expect(search).toBeFocused();
  await page.keyboard.type('MXEV3W');
  await expect(total(page)).toHaveText(/of 1\d items/);
  await page.keyboard.press('Escape');
  await expect(search).toHaveValue('');
  await page.keyboard.press('Escape');
  await expect(search).not.toBeFocused();
  await expect(total(page)).toHaveText(/of 50 items/);
  const third = (await column(page, 'VIN'))[2]!;
  for (const key of ['j', 'j', 'j', 'j', 'k']) await page.keyboard.press(key);
  await page.keyboard.press('Enter');
  await expect(heading(page, third)).toBeVisible();
  await page.goBack();
  await expect(rows(page).first()).toBeVisible();
  const second = (await column(page, 'VIN'))[1]!;
  await grid(page).focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
  await expect(heading(page, second)).toBeVisible();
});

test('a row that is clicked opens its vehicle', async ({ page }) => {
  const vin = (await column(page, 'VIN'))[1]!;
  await rows(page).nth(1).getByRole('gridcell').or(rows(page).nth(1).getByRole('cell')).nth(3).click();
  await expect(heading(page, vin)).toBeVisible();
});

test('rows follow the fleet by themselves', async ({ page }) => {
  await page.getByRole('radio', { name: /^Moving/ }).click();
  await expect(total(page)).toHaveText(/of [12]\d items/);
  const before = (await column(page, 'Odometer (km)')).join();
  await expect.poll(async () => (await column(page, 'Odometer (km)')).join()).not.toBe(before);
});
