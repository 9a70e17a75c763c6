import { rmSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, goTo, heading, signIn, test } from './console.ts';
import { startHost, temporaryFolder, type RunningHost } from './host.ts';

const VIN = 'MXEV2WSN1SB100025';
// While the host is away the browser says so on its console.
test.use({ expectedErrors: [/ERR_CONNECTION_REFUSED|WebSocket connection to .* failed/] });

test.describe.configure({ mode: 'serial' });

let dataFolder = '';
let host: RunningHost | undefined;
test.beforeAll(() => {
  dataFolder = temporaryFolder();
});
test.afterAll(async () => {
  await host?.stop();
  rmSync(dataFolder, { recursive: true, force: true });
});

/** The row of the grid that is shown for a vehicle, by column. */
async function rowOf(page: Page, vin: string): Promise<Record<string, string>> {
  const grid = page.getByRole('group', { name: 'Grid view' });
  const titles = (await grid.getByRole('columnheader').allInnerTexts()).map((text) => text.trim());
  const cells = await grid.getByRole('row').filter({ hasText: vin }).first().locator('[role=cell], [role=gridcell]').allInnerTexts();
  return Object.fromEntries(titles.map((title, i) => [title, (cells[i] ?? '').trim()]));
}
const number = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''));

test('after a kill in the middle of everything the last state is there, before anything new has come', async ({ page }) => {
  host = await startHost({ dataFolder });
  const { port } = host;
  await signIn(page, host, { at: `/vehicles/grid?search=${VIN}` });
  await expect(page.getByText('1–1 of 1 item')).toBeVisible();
  const first = await rowOf(page, VIN);
  // It has driven on and was stored meanwhile: what comes back is the last state and not the first.
  await expect.poll(async () => (await rowOf(page, VIN))['Odometer (km)'], { timeout: 60_000 }).not.toBe(first['Odometer (km)']);
  const before = await rowOf(page, VIN);
  expect(before['Status']).toBe('Moving');
  const killed = Date.now();
  await host.stop('SIGKILL');

  await expect(page.getByRole('status').filter({ hasText: 'Connection lost' })).toBeVisible();
  expect(await rowOf(page, VIN)).toMatchObject({ VIN, 'Odometer (km)': before['Odometer (km)'] });

  host = await startHost({ dataFolder, port, args: ['--no-simulator'] });
  // The new start has a new link; the window says so, and its session goes on once that is opened in it.
  await expect(page.getByRole('status').filter({ hasText: 'The console was started anew. Open the link that it printed.' })).toBeVisible();
  await page.goto(host.url);
  await expect(heading(page, 'Alerts')).toBeVisible();
  await goTo(page, `/vehicles/grid?search=${VIN}`);
  await expect(page.getByText('1–1 of 1 item')).toBeVisible();
  await expect.poll(async () => number((await rowOf(page, VIN))['SoC (%)'])).toBeGreaterThan(0);
  const after = await rowOf(page, VIN);
  // At most what had not been committed in the last moment is missing, and nothing is newer than the kill.
  expect(Math.abs(number(after['Odometer (km)']) - number(before['Odometer (km)']))).toBeLessThan(0.5);
  expect(Math.abs(number(after['SoC (%)']) - number(before['SoC (%)']))).toBeLessThanOrEqual(1);
  expect(Math.abs(number(after['Latitude']) - number(before['Latitude']))).toBeLessThan(0.01);
  const heard = await page.getByRole('row').filter({ hasText: VIN }).locator('time').getAttribute('datetime');
  expect(Date.parse(heard!)).toBeLessThan(killed);
  expect(Date.parse(heard!)).toBeGreaterThan(killed - 30_000);
  await page.getByRole('link', { name: VIN }).click();
  await page.getByRole('tab', { name: 'Details' }).click();
  await expect(page.getByRole('row', { name: /^Odometer/ })).toContainText(after['Odometer (km)']!);
});

test('the map has the vehicle where it was last seen', async ({ page }) => {
  await signIn(page, host!, { at: '/vehicles' });
  await page.getByRole('textbox', { name: 'Search VIN' }).fill(VIN);
  const card = page.getByRole('article', { name: VIN });
  await expect(card.getByRole('definition').first()).toHaveText(/^\d+ %$/);
  await expect(card.getByText(/just now|seconds ago|minutes? ago/)).toBeVisible();
  await expect(card).toContainText('Delhi');
});
