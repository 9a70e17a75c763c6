import './guard.ts';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, expect as baseExpect, type Browser, type Page } from '@playwright/test';
import { LAUNCH_OPTIONS, PERSON } from '../e2e/browser.ts';
import { startHost, type RunningHost } from '../e2e/host.ts';
import { buildNamed, ensureBuilt } from './builds.ts';
import { ROOT } from './checks.ts';

/**
 * `npm run screenshots [-- NAME…]`: every page of the seeded demo, light and dark, into docs/screenshots/{page}-{theme}.png. A page is
 * taken when its data has arrived.
 */
const FOLDER = join(ROOT, 'docs/screenshots');
const THEMES = ['light', 'dark'] as const;
const wanted = process.argv.slice(2);
/** A vehicle of the demo that drives and is heard. */
const DRIVING = 'MXEV2WSN1SB100025';

const TRAVELLED = 'MXEV2WSN0AB100034';

type Theme = (typeof THEMES)[number];
const expect = baseExpect.configure({ timeout: 60_000 });

interface Shot {
  readonly name: string;
  open(page: Page): Promise<void>;
}

const go = async (page: Page, address: string): Promise<void> => void (await page.goto(`${new URL(page.url()).origin}/#${address}`));
const title = (page: Page, name: string | RegExp): Promise<void> => expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
const vehicleRow = (page: Page): ReturnType<Page['getByRole']> => page.getByRole('link', { name: DRIVING });

/** The page looks the same twice: everything is drawn and no camera flies. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  let before = await page.screenshot();
  for (let look = 0; look < 12; look++) {
    const now = await page.screenshot();
    if (now.equals(before)) return;
    before = now;
  }
}

async function openMap(page: Page): Promise<void> {
  await go(page, '/vehicles');
  await title(page, 'Map view');
  await expect(page.getByRole('button', { name: /^South: / })).toBeVisible();
}

async function openCity(page: Page): Promise<void> {
  await openMap(page);
  await page.getByRole('button', { name: /^South: / }).click();
  await page.getByRole('button', { name: /^Bengaluru: / }).click();
  await expect(page.getByRole('button', { name: /^Bengaluru: / })).toHaveCount(0);
}

async function openVehicle(page: Page): Promise<void> {
  await go(page, '/vehicles/grid?search=' + DRIVING);
  await vehicleRow(page).click();
  await title(page, DRIVING);
  await page.getByRole('tab', { name: 'Details' }).click();
  await expect(page.getByRole('row', { name: /^Speed/ })).toBeVisible();
}

/** A vehicle of the demo that has a yesterday, once it has sent the whole of it: a gap in its morning, and one in the afternoon. */
async function openTrack(page: Page): Promise<void> {
  await go(page, '/vehicles/grid?search=' + TRAVELLED);
  await page.getByRole('link', { name: TRAVELLED }).click();
  await title(page, TRAVELLED);
  const refresh = page.getByRole('region', { name: 'Track & trace' }).getByRole('button', { name: 'Refresh' });
  await expect(async () => {
    await refresh.click();
    await expect(page.getByText(/^4[4-9] min$/)).toBeVisible({ timeout: 4000 });
  }).toPass({ timeout: 240_000 });
  await page.getByRole('slider', { name: 'Time line' }).click({ position: { x: 400, y: 10 } });
}

const SIGNED_IN: readonly Shot[] = [
  { name: 'map', open: openMap },
  { name: 'map-city', open: openCity },
  {
    name: 'map-vehicle',
    async open(page) {
      await go(page, `/vehicles?search=${DRIVING}`);
      await expect(page.getByRole('article', { name: DRIVING })).toBeVisible();
    },
  },
  {
    name: 'grid',
    async open(page) {
      await go(page, '/vehicles/grid');
      await expect(page.getByText(/of 50 items/)).toBeVisible();
    },
  },
  { name: 'vehicle', open: openVehicle },
  { name: 'track', open: openTrack },
  { name: 'mis', open: async (page) => (await go(page, '/mis'), await title(page, 'Dashboards')) },
  {
    name: 'mis-live',
    async open(page) {
      await openVehicle(page);
      const id = /\/vehicles\/v\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
      await go(page, `/mis/live?vehicle=${id}`);
      await expect(page.getByRole('row', { name: /^Speed/ })).toBeVisible();
    },
  },
  {
    name: 'data-log',
    async open(page) {
      await openVehicle(page);
      const id = /\/vehicles\/v\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
      await go(page, `/mis/log?vehicle=${id}`);
      await page.getByRole('table', { name: 'Device data log' }).getByRole('row').filter({ hasText: 'Pack current' }).first().click();
      await page.getByRole('region', { name: 'Decoded' }).getByRole('button').first().click();
    },
  },
  {
    name: 'can',
    async open(page) {
      await go(page, '/can');
      await page.getByRole('combobox', { name: 'Unit' }).fill('MXEV2WSN1SB100025');
      await page.getByRole('option', { name: /MXEV2WSN1SB100025/ }).click();
      await page.getByRole('button', { name: 'Signals of BMS_Pack' }).click();
      await expect(page.getByRole('checkbox', { name: 'Watch StateOfCharge' })).toBeAttached();
    },
  },
  {
    name: 'can-dbc',
    async open(page) {
      await go(page, '/can/dbc');
      await page.getByRole('button', { name: 'two-wheeler.dbc' }).first().click();
      await page.getByRole('radio', { name: 'Parameters' }).click();
      await expect(page.getByRole('combobox', { name: 'BMS_Pack.PackVoltage' })).toBeVisible();
    },
  },
  { name: 'can-parameters', open: async (page) => (await go(page, '/can/parameters'), await expect(page.getByRole('button', { name: 'Change State of charge', exact: true })).toBeVisible()) },
  {
    name: 'alerts',
    async open(page) {
      await go(page, '/alerts?tab=bms');
      await expect(page.getByText(/^1–\d+ of \d+ items?$/)).toBeVisible({ timeout: 180_000 });
    },
  },
  {
    name: 'alert-details',
    async open(page) {
      await go(page, '/alerts?tab=bms');
      await expect(page.getByText(/^1–\d+ of \d+ items?$/)).toBeVisible({ timeout: 180_000 });
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('region', { name: 'Alert graph' }).getByRole('application')).toBeVisible();
    },
  },
  { name: 'alert-rules', open: async (page) => (await go(page, '/alerts/rules'), await expect(page.getByRole('row', { name: /Battery temperature high/ })).toBeVisible()) },
  {
    name: 'alert-rule',
    async open(page) {
      await go(page, '/alerts/rules');
      await page.getByRole('link', { name: 'Battery temperature high' }).click();
      await page.getByRole('button', { name: 'Try', exact: true }).click();
      await expect(page.getByText(/^[\d,]+ alerts?$/)).toBeVisible();
    },
  },
  { name: 'alert-performance', open: async (page) => (await go(page, '/alerts/performance'), await expect(page.getByRole('region', { name: 'Alerts per hour' })).toBeVisible()) },
  { name: 'alert-handover', open: async (page) => (await go(page, '/alerts/handover'), await expect(page.getByRole('heading', { name: /^Open/ })).toBeVisible()) },
  { name: 'intake', open: async (page) => (await go(page, '/intake'), await expect(page.getByText('Messages received')).toBeVisible()) },
  {
    name: 'intake-units',
    async open(page) {
      await go(page, '/intake/units');
      await page.getByText(/^tcu-/).first().click();
      await expect(page.getByRole('heading', { name: 'Rejected messages' })).toBeVisible();
    },
  },
  { name: 'settings-broker', open: async (page) => (await go(page, '/settings/broker'), await expect(page.getByRole('radio', { name: /^Embedded/ })).toBeVisible()) },
  { name: 'settings-map', open: async (page) => (await go(page, '/settings/map'), await expect(page.getByLabel('PMTiles file')).toBeVisible()) },
  {
    name: 'products',
    async open(page) {
      await go(page, '/admin/products');
      await page.getByRole('row').filter({ hasText: DRIVING }).click();
      await expect(page.getByRole('region', { name: 'History' })).toContainText('Added');
    },
  },
  {
    name: 'sales-edit',
    async open(page) {
      await go(page, '/admin/sales');
      await page.getByRole('row').filter({ hasText: DRIVING }).click();
      await page.getByRole('button', { name: 'Edit', exact: true }).last().click();
      await expect(page.getByRole('textbox', { name: /^Phone Number/ })).toBeVisible();
    },
  },
  { name: 'locations', open: async (page) => (await go(page, '/admin/locations'), await title(page, 'Locations')) },
  { name: 'leases', open: async (page) => (await go(page, '/admin/leases'), await expect(page.getByText('Lock due').first()).toBeVisible()) },
  { name: 'bulk-upload', open: async (page) => (await go(page, '/admin/bulk-upload'), await title(page, 'Bulk Upload')) },
  { name: 'commissioning', open: async (page) => (await go(page, '/commissioning'), await expect(page.getByRole('textbox').first()).toBeVisible()) },
  { name: 'unit-swapping', open: async (page) => (await go(page, '/devices/swapping'), await expect(page.getByText(/of 50 items/)).toBeVisible()) },
  {
    name: 'stations',
    async open(page) {
      await go(page, '/stations');
      await page.getByRole('button', { name: /Delhi Swap Point/ }).click();
      await expect(page.getByRole('table')).toContainText('Ready');
    },
  },
  { name: 'users', open: async (page) => (await go(page, '/users'), await expect(page.getByText('Omkar Operation')).toBeVisible()) },
  { name: 'audit', open: async (page) => (await go(page, '/users/audit'), await expect(page.getByRole('row').nth(3)).toBeVisible()) },
  { name: 'alert-visibility', open: async (page) => (await go(page, '/alerts/visibility'), await expect(page.getByRole('checkbox').first()).toBeAttached()) },
  { name: 'settings-storage', open: async (page) => (await go(page, '/settings/storage'), await expect(page.getByRole('heading', { name: 'What is stored' })).toBeVisible()) },
  { name: 'settings-wallboards', open: async (page) => (await go(page, '/settings/wallboards'), await expect(page.getByRole('button', { name: 'Add wallboard' })).toBeVisible()) },
  { name: 'settings-features', open: async (page) => (await go(page, '/settings/features'), await title(page, 'Features')) },
  { name: 'settings-appearance', open: async (page) => (await go(page, '/settings/appearance'), await title(page, 'Appearance')) },
  {
    name: 'settings-about',
    async open(page) {
      await go(page, '/settings/about');
      const folder = page.getByText(/demo$/).and(page.locator('code'));
      // The folder of this run is a temporary one; an installation's is here.
      await folder.evaluate((element) => (element.textContent = '~/.local/share/command-center/demo'));
    },
  },
  { name: 'help', open: async (page) => (await go(page, '/help'), await title(page, 'Help')) },
  {
    name: 'palette',
    async open(page) {
      await go(page, '/vehicles/grid');
      await expect(vehicleRow(page).or(page.getByText(/of 50 items/)).first()).toBeVisible();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Search and commands' }).fill('0025');
      await expect(page.getByRole('option').first()).toBeVisible();
    },
  },
];

async function take(page: Page, name: string, theme: Theme): Promise<void> {
  await page.mouse.move(0, 0);
  // The focus ring of the click that led here.
  await page.locator('canvas:focus').evaluateAll((all) => all.forEach((element) => (element as HTMLElement).blur()));
  await settled(page);
  await page.screenshot({ path: join(FOLDER, `${name}-${theme}.png`) });
  console.log(`${name}-${theme}`);
}

async function open(browser: Browser, host: RunningHost, theme: Theme): Promise<Page> {
  const page = await browser.newPage({ ...PERSON, viewport: { width: 1440, height: 900 }, colorScheme: theme, reducedMotion: 'reduce' });
  page.setDefaultTimeout(60_000);
  await page.goto(host.url);
  await expect(page.getByText(/^Version/)).toBeVisible();
  return page;
}

const chosen = (name: string): boolean => wanted.length === 0 || wanted.includes(name);

async function takeDemo(browser: Browser, host: RunningHost, theme: Theme): Promise<void> {
  const page = await open(browser, host, theme);
  if (chosen('login')) await take(page, 'login', theme);
  if (chosen('forgot')) {
    await page.getByRole('link', { name: 'Forgot password?' }).click();
    await take(page, 'forgot', theme);
    await page.goBack();
  }
  await page.getByRole('button', { name: 'Use these' }).click();
  await title(page, 'Alerts');
  for (const shot of SIGNED_IN.filter(({ name }) => chosen(name))) {
    await shot.open(page);
    await take(page, shot.name, theme);
    await page.keyboard.press('Escape');
  }
  await page.close();
}

/** The wall as a screen of 1920×1080 shows it, dark as it is by default. */
async function takeWall(browser: Browser, host: RunningHost): Promise<void> {
  const page = await open(browser, host, 'dark');
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.getByRole('button', { name: 'Use these' }).click();
  await title(page, 'Alerts');
  await go(page, '/wall');
  await expect(page.getByRole('region', { name: 'Open alerts' })).toBeVisible();
  await take(page, 'wall', 'dark');
  await page.close();
}

async function takeLocal(browser: Browser, host: RunningHost, theme: Theme): Promise<void> {
  const page = await open(browser, host, theme);
  await expect(page.getByRole('heading', { name: 'First user' })).toBeVisible();
  await take(page, 'first-user', theme);
  await page.close();
}

/** Runs `work` with a host of its own on an empty folder, and ends both. */
async function withHost(args: readonly string[], work: (host: RunningHost) => Promise<void>): Promise<void> {
  const host = await startHost({ args });
  try {
    await work(host);
  } finally {
    await host.stop();
  }
}

if (!(await ensureBuilt(buildNamed('web'), console.log))) process.exit(1);
mkdirSync(FOLDER, { recursive: true });
const browser = await chromium.launch(LAUNCH_OPTIONS);
try {
  await withHost(['--workspace', 'demo'], async (host) => {
    for (const theme of THEMES) await takeDemo(browser, host, theme);
    if (chosen('wall')) await takeWall(browser, host);
  });
  if (chosen('first-user')) {
    await withHost(['--workspace', 'local'], async (host) => {
      for (const theme of THEMES) await takeLocal(browser, host, theme);
    });
  }
} finally {
  await browser.close();
}
const bytes = readdirSync(FOLDER).reduce((sum, file) => sum + statSync(join(FOLDER, file)).size, 0);
console.log(`docs/screenshots: ${(bytes / 1e6).toFixed(1)} MB`);
