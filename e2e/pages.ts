import type { Page } from '@playwright/test';
import { expect, goTo, heading } from './console.ts';

/** A view of the console that is looked at as a whole, for accessibility and for room. */
export interface PageUnderTest {
  readonly name: string;
  /** Opens it for a signed-in user and resolves when its content is there. */
  open(page: Page): Promise<void>;
}

const VIN = 'MXEV2WSN1SB100025';

async function openVehicle(page: Page): Promise<void> {
  await goTo(page, `/vehicles/grid?search=${VIN}`);
  await page.getByRole('link', { name: VIN }).click();
  await page.getByRole('tab', { name: 'Details' }).click();
  await expect(page.getByRole('row', { name: /^Odometer/ })).toBeVisible();
}

async function openTrack(page: Page): Promise<void> {
  await goTo(page, `/vehicles/grid?search=${VIN}`);
  await page.getByRole('link', { name: VIN }).click();
  await expect(page.getByRole('table', { name: 'Data points' }).getByRole('row').nth(2)).toBeVisible();
}

/** Every page behind the sign-in, and what floats above one. A new page gets a line here. */
export const PAGES: readonly PageUnderTest[] = [
  { name: 'map', open: at('/vehicles', (page) => page.getByRole('button', { name: /^South: / })) },
  { name: 'map with a card', open: at(`/vehicles?search=${VIN}`, (page) => page.getByRole('article', { name: VIN })) },
  { name: 'grid', open: at('/vehicles/grid', (page) => page.getByText(/of 50 items/)) },
  { name: 'vehicle', open: openVehicle },
  { name: 'track', open: openTrack },
  { name: 'logbook', open: async (page) => { await openVehicle(page); await page.getByRole('tab', { name: 'Logbook' }).click(); await expect(page.getByRole('heading', { name: 'Logbook' })).toBeVisible(); } },
  { name: 'commissioning', open: at('/commissioning', (page) => page.getByRole('textbox', { name: 'Scan the VCU or VTS number' })) },
  { name: 'tray of vehicles', open: at('/commissioning/tray', (page) => page.getByRole('textbox', { name: 'Motor number, vehicle 1' })) },
  { name: 'commissioning records', open: at('/commissioning/records', (page) => heading(page, 'Records')) },
  { name: 'number patterns', open: at('/commissioning/settings', (page) => page.getByRole('textbox', { name: 'Stand-in frame numbers' })) },
  { name: 'VCU/VTS swapping', open: at('/devices/swapping', (page) => page.getByText(/of \d+ items/)) },
  { name: 'swap log', open: at('/devices/swap-log', (page) => heading(page, 'Swaps')) },
  { name: 'alerts', open: at('/alerts', (page) => heading(page, 'Alerts')) },
  { name: 'shift handover', open: at('/alerts/handover', (page) => page.getByRole('heading', { name: /^Open/ })) },
  { name: 'alert performance', open: at('/alerts/performance', (page) => heading(page, 'Performance')) },
  { name: 'alert rules', open: at('/alerts/rules', (page) => heading(page, 'Rules')) },
  { name: 'alert rule', open: at('/alerts/rules/new', (page) => page.getByRole('region', { name: 'Condition' })) },
  { name: 'customer view of alerts', open: at('/alerts/visibility', (page) => page.getByRole('checkbox').first().locator('..')) },
  { name: 'wallboards', open: at('/settings/wallboards', (page) => page.getByRole('button', { name: 'Add wallboard' })) },
  { name: 'bulk upload', open: at('/admin/bulk-upload', (page) => page.getByRole('heading', { name: /^History/ })) },
  { name: 'dashboards', open: at('/mis', (page) => heading(page, 'Dashboards')) },
  {
    name: 'live report',
    async open(page) {
      await openVehicle(page);
      const vehicle = /\/vehicles\/v\/([0-9a-f-]{36})/.exec(page.url())?.[1];
      await at(`/mis/live?vehicle=${vehicle}`, () => page.getByRole('row', { name: /^Odometer/ }))(page);
    },
  },
  {
    name: 'data log',
    async open(page) {
      await openVehicle(page);
      const vehicle = /\/vehicles\/v\/([0-9a-f-]{36})/.exec(page.url())?.[1];
      await goTo(page, `/mis/log?vehicle=${vehicle}`);
      await page.getByRole('table', { name: 'Device data log' }).getByRole('row').nth(2).click();
      await expect(page.getByRole('complementary', { name: 'Record' })).toContainText('As received');
    },
  },
  {
    name: 'CAN bench',
    async open(page) {
      await goTo(page, '/can');
      await page.getByRole('combobox', { name: 'Unit' }).fill(VIN);
      await page.getByRole('option', { name: new RegExp(VIN) }).click();
      await page.getByRole('button', { name: 'Signals of BMS_Pack' }).click();
      await expect(page.getByRole('checkbox', { name: 'Watch StateOfCharge' })).toBeAttached();
    },
  },
  {
    name: 'DBC files',
    async open(page) {
      await goTo(page, '/can/dbc');
      await page.getByRole('button', { name: 'two-wheeler.dbc' }).first().click();
      await page.getByRole('radio', { name: 'Parameters' }).click();
      await expect(page.getByRole('combobox', { name: 'BMS_Pack.PackVoltage' })).toBeVisible();
    },
  },
  {
    name: 'parameters',
    async open(page) {
      await goTo(page, '/can/parameters');
      await page.getByRole('button', { name: 'Change State of charge', exact: true }).click();
      await expect(page.getByRole('textbox', { name: 'Label', exact: true })).toBeVisible();
    },
  },
  {
    name: 'products with details',
    async open(page) {
      await goTo(page, `/admin/products?search=${VIN}`);
      await page.getByRole('row').filter({ hasText: VIN }).click();
      await expect(page.getByRole('region', { name: 'History' })).toContainText('Added');
    },
  },
  {
    name: 'customers with the add form',
    async open(page) {
      await at('/admin/customers', () => heading(page, 'Customers'))(page);
      await page.getByRole('button', { name: 'Add customer' }).click();
      await expect(page.getByRole('textbox', { name: /^Pin Code/ })).toBeVisible();
    },
  },
  { name: 'sales', open: at('/admin/sales', (page) => page.getByText(/of 50 items/)) },
  { name: 'locations', open: at('/admin/locations', (page) => heading(page, 'Locations')) },
  { name: 'leases', open: at('/admin/leases', (page) => heading(page, 'Lease Details')) },
  { name: 'group members', open: at('/admin/group-members', (page) => heading(page, 'Group members')) },
  { name: 'bulk upload', open: at('/admin/bulk-upload', (page) => heading(page, 'Bulk Upload')) },
  {
    name: 'vehicle models with details',
    async open(page) {
      await at('/admin/vehicle-models', () => heading(page, 'Vehicle models'))(page);
      await page.getByRole('row').filter({ hasText: 'Nilgai Sprint' }).click();
      await expect(page.getByText('two-wheeler.dbc').first()).toBeVisible();
    },
  },
  {
    name: 'stations',
    async open(page) {
      await goTo(page, '/stations');
      await page.getByRole('button', { name: /Delhi Swap Point/ }).click();
      await expect(page.getByRole('table')).toContainText('Ready');
    },
  },
  { name: 'station slots', open: at('/stations/batteries', (page) => heading(page, 'Slots')) },
  { name: 'intake', open: at('/intake', (page) => page.getByText('Messages received')) },
  {
    name: 'units',
    async open(page) {
      await goTo(page, '/intake/units');
      await page.getByRole('row').filter({ hasText: /^tcu-/ }).first().click();
      await expect(page.getByRole('heading', { name: 'Rejected messages' })).toBeVisible();
    },
  },
  {
    name: 'broker',
    async open(page) {
      await goTo(page, '/settings/broker');
      await page.getByRole('radio', { name: /^External/ }).click();
      await expect(page.getByRole('textbox', { name: /^Address/ })).toBeVisible();
    },
  },
  { name: 'street map', open: at('/settings/map', (page) => page.getByLabel('PMTiles file')) },
  { name: 'storage', open: at('/settings/storage', (page) => page.getByRole('heading', { name: 'What is stored' })) },
  { name: 'features', open: at('/settings/features', (page) => heading(page, 'Features')) },
  { name: 'security', open: at('/settings/security', (page) => page.getByRole('row', { name: /this window/ })) },
  { name: 'users', open: at('/users', (page) => page.getByText('Omkar Operation')) },
  {
    name: 'user',
    async open(page) {
      await goTo(page, '/users');
      await page.getByRole('row').filter({ hasText: 'Omkar Operation' }).click();
      await expect(page.getByRole('heading', { name: 'Sessions' })).toBeVisible();
    },
  },
  {
    name: 'audit log',
    async open(page) {
      await goTo(page, '/users/audit');
      await page.getByRole('button', { name: 'Added a user' }).first().click();
      await expect(page.getByRole('table', { name: 'Values before and after' }).first()).toBeVisible();
    },
  },
  { name: 'appearance', open: at('/settings/appearance', (page) => heading(page, 'Appearance')) },
  { name: 'about', open: at('/settings/about', (page) => page.getByText('Data folder', { exact: true })) },
  { name: 'help', open: at('/help', (page) => heading(page, 'Help')) },
  {
    name: 'palette',
    async open(page) {
      await at('/help', () => heading(page, 'Help'))(page);
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Search and commands' }).fill('bengaluru');
      await expect(page.getByRole('option').first()).toBeVisible();
    },
  },
];

function at(address: string, sign: (page: Page) => ReturnType<Page['getByRole']>): (page: Page) => Promise<void> {
  return async (page) => {
    await goTo(page, address);
    await expect(sign(page)).toBeVisible();
  };
}

/** Opens every page in turn and gathers what `look` finds on each; pages without a finding are left out. */
export async function lookAtEveryPage(page: Page, look: (page: Page) => Promise<string[]>): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const { name, open } of PAGES) {
    await open(page);
    const findings = await look(page);
    if (findings.length > 0) found[name] = findings;
    // Closes what floats above the page; does nothing elsewhere.
    await page.keyboard.press('Escape');
  }
  return found;
}
