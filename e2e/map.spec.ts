import type { Locator, Page } from '@playwright/test';
import { expect, goTo, heading, signIn, test, useHost } from './console.ts';

const host = useHost();
const STATUSES = ['Moving', 'Stopped', 'Ignition Off', 'Charging', 'Offline', 'Not Communicating'];

const status = (page: Page, name: string): Locator => page.getByRole('radiogroup', { name: 'Status' }).getByRole('radio', { name: new RegExp(`^${name}\\s*[\\d,]+$`) });
const countOf = async (page: Page, name: string): Promise<number> => Number((await status(page, name).innerText()).replace(/\D/g, ''));
const card = (page: Page): Locator => page.getByRole('article');
const figure = (page: Page, label: string): Locator => card(page).getByRole('definition').nth(['SoC', 'Range', 'Speed', 'Odometer'].indexOf(label));

/** Every fourth unit of the demo begins with what it recorded yesterday: its pin flies over the map for a while. */
const isHeardLive = (vin: string): boolean => Number(vin.slice(-4)) % 4 !== 2;

/** Narrows the map to one status and chooses a vehicle of the search's list, by default the first. */
async function chooseOne(page: Page, name: string, index = 0, search = 'MX'): Promise<string> {
  await status(page, name).click();
  await page.getByRole('textbox', { name: 'Search VIN' }).fill(search);
  const rows = page.getByRole('region', { name: /vehicle/ }).getByRole('button');
  let vin = '';
  // The list follows the fleet: a row may be another vehicle's by the time it is clicked.
  await expect(async () => {
    const vins = (await rows.allInnerTexts()).map((text) => /^\S+/.exec(text)![0]).filter(isHeardLive);
    vin = vins[index]!;
    await rows.filter({ hasText: vin }).click({ timeout: 3_000 });
    await expect(card(page)).toHaveAccessibleName(vin, { timeout: 3_000 });
  }).toPass();
  return vin;
}

test.beforeEach(async ({ page }) => {
  await signIn(page, host(), { at: '/vehicles' });
  await expect(heading(page, 'Map view')).toBeVisible();
  await expect.poll(() => countOf(page, 'Moving')).toBeGreaterThan(0);
});

test('the six statuses add up to All, as the grid counts them too', async ({ page }) => {
  await expect(async () => {
    const counts = await Promise.all(STATUSES.map((name) => countOf(page, name)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(await countOf(page, 'All'));
  }).toPass();
  const silent = { all: await countOf(page, 'All'), offline: await countOf(page, 'Offline'), lost: await countOf(page, 'Not Communicating') };
  expect(silent.all).toBe(50);
  await page.getByRole('link', { name: 'Grid view' }).click();
  await expect(page.getByText(/^1–\d+ of 50 items$/)).toBeVisible();
  // Who moves changes by the second; who has been silent for days does not. A unit that was never heard yet may be heard meanwhile.
  expect({ all: await countOf(page, 'All'), offline: await countOf(page, 'Offline') }).toEqual({ all: silent.all, offline: silent.offline });
  expect(await countOf(page, 'Not Communicating')).toBeLessThanOrEqual(silent.lost);
});

test('zones open into cities, and cities into single vehicles', async ({ page }) => {
  const map = page.getByRole('region', { name: 'Map of the fleet' });
  const donuts = map.getByRole('button', { name: /: \d+ vehicles?/ });
  const zones = await Promise.all((await donuts.all()).map((donut) => donut.getAttribute('aria-label')));
  expect(zones.map((name) => name!.split(':')[0]).sort()).toEqual(['East', 'North', 'South', 'West']);
  await map.getByRole('button', { name: /^South: / }).click();
  await expect(map.getByRole('button', { name: /^Bengaluru: / })).toBeVisible();
  await expect(map.getByRole('button', { name: /^South: / })).toHaveCount(0);
  await map.getByRole('button', { name: /^Bengaluru: / }).click();
  await expect(donuts).toHaveCount(0);
  await map.getByRole('button', { name: 'Show all' }).click();
  await expect(map.getByRole('button', { name: /^South: / })).toBeVisible();
});

test('a pin under the pointer shows its card', async ({ page }) => {
  const vin = await chooseOne(page, 'Ignition Off');
  await card(page).getByRole('button', { name: 'Close the card' }).click();
  await expect(card(page)).toHaveCount(0);
  // The chosen vehicle was brought to the middle of what the status panel leaves free, and it stands.
  const box = (await page.getByRole('region', { name: 'Map of the fleet' }).boundingBox())!;
  await expect(async () => {
    for (let right = 0; right <= 184; right += 8) {
      await page.mouse.move(box.x + box.width / 2 + right, box.y + box.height / 2);
      if (await card(page).isVisible({ timeout: 0 })) break;
      await page.waitForTimeout(60);
    }
    await expect(card(page)).toHaveAccessibleName(vin, { timeout: 500 });
  }).toPass();
  await expect(card(page)).toContainText('Ignition Off');
  await page.mouse.move(box.x + box.width / 2 + 200, box.y + 40);
  await expect(card(page)).toHaveCount(0);
});

test('a vehicle is found by its VIN, chosen and opened', async ({ page }) => {
  const vin = await chooseOne(page, 'Charging');
  await card(page).getByRole('button', { name: 'Close the card' }).click();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  const search = page.getByRole('textbox', { name: 'Search VIN' });
  await search.fill(vin.toLowerCase());
  await expect(card(page)).toHaveAccessibleName(vin);
  await expect.poll(() => countOf(page, 'All')).toBe(1);
  for (const label of ['SoC', 'Range', 'Speed', 'Odometer']) await expect(figure(page, label)).toHaveText(/^\d[\d,.]* (%|km|km\/h)$/);
  await card(page).getByRole('link', { name: 'More info' }).click();
  await expect(heading(page, vin)).toBeVisible();
  await page.getByRole('link', { name: 'Show on map' }).click();
  await expect(card(page)).toHaveAccessibleName(vin);
});

test('nothing found says so', async ({ page }) => {
  await page.getByRole('textbox', { name: 'Search VIN' }).fill('NO-SUCH-VIN');
  await expect(page.getByText('No vehicle matches these filters')).toBeVisible();
  await expect.poll(() => countOf(page, 'All')).toBe(0);
});

for (const filter of ['Customer', 'City'] as const) {
  test(`${filter.toLowerCase()} filters the map by what was chosen, and the address keeps it`, async ({ page }) => {
    await page.getByRole('button', { name: filter }).click();
    const option = page.getByRole('group', { name: filter }).getByRole('listitem').first();
    const [, name, digits] = /^(.+?)\s*(\d+)\s*$/s.exec(await option.innerText())!;
    const count = Number(digits);
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(50);
    await option.getByText(name!).click();
    await expect(option.getByRole('checkbox')).toBeChecked();
    await page.keyboard.press('Escape');
    await expect.poll(() => countOf(page, 'All')).toBe(count);
    await page.reload();
    await expect(heading(page, 'Map view')).toBeVisible();
    await expect.poll(() => countOf(page, 'All')).toBe(count);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(() => countOf(page, 'All')).toBe(50);
  });
}

test('a status shows its vehicles alone, and all again when chosen again', async ({ page }) => {
  const count = await countOf(page, 'Offline');
  await status(page, 'Offline').click();
  await expect(status(page, 'Offline')).toBeChecked();
  await expect(page.getByRole('main')).toContainText(`Map view${count}`);
  expect(await countOf(page, 'All')).toBe(50);
  await status(page, 'Offline').click();
  await expect(page.getByRole('main')).toContainText('Map view50');
});

/**
 * Of some that drive the first that is heard and seen: one may be in a tunnel or a patchy network just now. The first entry of the list
 * may be a unit that sends what it recorded yesterday, whose pin flies.
 */
async function chooseDriving(page: Page): Promise<void> {
  for (const vin of ['100025', '100009', '100019', '100016']) {
    await chooseOne(page, 'All', 0, vin);
    const before = (await card(page).getByRole('definition').allInnerTexts()).join();
    const heard = expect.poll(async () => (await card(page).getByRole('definition').allInnerTexts()).join(), { timeout: 8_000 }).not.toBe(before);
    const driving = await heard.then(() => true, () => false);
    if (driving && (await page.getByRole('button', { name: /: \d+ vehicles?/ }).count()) === 0 && !(await card(page).innerText()).includes('Position is old')) return;
    await status(page, 'All').click();
  }
  throw new Error('none of four vehicles that drive is heard and seen');
}

test('a moving vehicle stays fresh, its figures change and its pin moves', async ({ page }) => {
  await chooseDriving(page);
  const map = (await page.getByRole('region', { name: 'Map of the fleet' }).boundingBox())!;
  const clip = { x: map.x + map.width / 2 - 150, y: map.y + map.height / 2 - 100, width: 300, height: 200 };
  // The flight to the vehicle has ended when two looks in a row see the same.
  await expect(async () => expect((await page.screenshot({ clip })).equals(await page.screenshot({ clip }))).toBe(true)).toPass();
  const before = await page.screenshot({ clip });
  await expect.poll(async () => (await page.screenshot({ clip })).equals(before)).toBe(false);
  await expect(card(page).getByText(/^(just now|\d+ seconds ago)$/)).toBeVisible();
});

test('a parked vehicle stands still on the same picture', async ({ page }) => {
  await chooseOne(page, 'Offline');
  const map = (await page.getByRole('region', { name: 'Map of the fleet' }).boundingBox())!;
  const clip = { x: map.x + map.width / 2 - 60, y: map.y + map.height / 2 - 60, width: 120, height: 120 };
  await expect(async () => expect((await page.screenshot({ clip })).equals(await page.screenshot({ clip }))).toBe(true)).toPass();
  const before = await page.screenshot({ clip });
  const messages = (): Promise<string | null> => card(page).locator('time').getAttribute('title');
  const last = await messages();
  // Frames for others arrive meanwhile.
  await page.getByRole('radio', { name: /^All/ }).click();
  await expect.poll(async () => (await page.screenshot({ clip })).equals(before)).toBe(true);
  expect(await messages()).toBe(last);
});

test('the whole map comes from this host alone', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.reload();
  await expect(page.getByRole('region', { name: 'Map of the fleet' })).toHaveAttribute('aria-busy', 'false');
  await expect.poll(() => asked.filter((url) => url.includes('/basemap/')).length).toBeGreaterThan(2);
  expect(asked.filter((url) => !url.startsWith(`${host().origin}/`) && !/^(data|blob):/.test(url))).toEqual([]);
});

test('a vehicle that is not there leaves the map usable', async ({ page }) => {
  await goTo(page, '/vehicles?vehicle=00000000-0000-7000-8000-000000000000');
  await expect(heading(page, 'Map view')).toBeVisible();
  await expect(card(page)).toHaveCount(0);
});
