import { createServer, type AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { DEMO_EMAIL, DEMO_PASSWORD, expect, fillSignIn, goTo, heading, openConsole, test, useHost } from './console.ts';
import { lookAtEveryPage } from './pages.ts';
import { roomProblems } from './room.ts';

const host = useHost();
const MENU = /user menu|यूज़र मेनू/;

/** Signs in on a machine that shows English; the console then speaks the user's language. */
async function enter(page: Page, options: { readonly email?: string; readonly at?: string } = {}): Promise<void> {
  await openConsole(page, host());
  await fillSignIn(page, options.email ?? DEMO_EMAIL, DEMO_PASSWORD);
  await expect(page.getByRole('button', { name: MENU })).toBeVisible();
  if (options.at !== undefined) await goTo(page, options.at);
}

async function choose(page: Page, language: 'English' | 'हिन्दी'): Promise<void> {
  const avatar = page.getByRole('button', { name: MENU });
  await avatar.click();
  await page.getByRole('button', { name: language }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', language === 'English' ? 'en' : 'hi');
  await avatar.click();
  await expect(page.getByRole('button', { name: language })).toBeHidden();
}

/** A port of this machine at which nothing answers. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('the whole console follows the language at once, and a reload keeps it', async ({ page }) => {
  await enter(page, { at: '/vehicles/grid' });
  await choose(page, 'English');
  await expect(page.getByRole('columnheader', { name: 'Last communication' })).toBeVisible();
  await choose(page, 'हिन्दी');
  const rail = page.getByRole('navigation', { name: 'मॉड्यूल' });
  for (const name of ['अलर्ट', 'वाहन डैशबोर्ड', 'एडमिन', 'डेटा इनटेक', 'सेटिंग्स']) await expect(rail.getByRole('link', { name, exact: true })).toBeVisible();
  for (const name of [/^आखिरी संपर्क/, /^ओडोमीटर \(km\)/, /^इग्निशन/]) await expect(page.getByRole('columnheader', { name })).toBeVisible();
  await expect(page).toHaveTitle(/^ग्रिड व्यू – /);
  await page.reload();
  await expect(heading(page, 'ग्रिड व्यू')).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'hi');
  await choose(page, 'English');
  await expect(page.getByRole('columnheader', { name: 'Last communication' })).toBeVisible();
});

test('forms, errors of the core, labels of resources and the calendar speak Hindi', async ({ page }) => {
  const port = await closedPort();
  await enter(page, { at: '/settings/broker' });
  await choose(page, 'हिन्दी');
  await page.getByRole('radio', { name: /^बाहरी/ }).click();
  await page.getByLabel('पता').fill('broker.example.com');
  await page.getByRole('button', { name: 'कनेक्शन जाँचें' }).click();
  await expect(page.getByRole('alert')).toContainText('ऐसा पता लिखें जो mqtt://');
  await page.getByLabel('पता').fill(`mqtt://127.0.0.1:${port}`);
  await page.getByRole('button', { name: 'कनेक्शन जाँचें' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'कोई जवाब नहीं' })).toContainText(`127.0.0.1:${port} पर कोई जवाब नहीं।`);
  await goTo(page, '/admin/products');
  await expect(page.getByRole('columnheader', { name: /^मोटर ID/ })).toBeVisible();
  await goTo(page, '/can/dbc');
  await page.getByRole('button', { name: 'बदलें' }).first().click();
  await page.getByRole('combobox', { name: 'कब से मान्य' }).first().click();
  await expect(page.locator('.el-date-picker:visible').getByRole('columnheader').first()).toHaveText('रवि');
});

test('the login page keeps the language, what is chosen there counts, and another user stays in English', async ({ page, browser }) => {
  await enter(page);
  await choose(page, 'हिन्दी');
  await page.getByRole('button', { name: MENU }).click();
  await page.getByRole('button', { name: 'साइन आउट' }).click();
  await expect(heading(page, 'साइन इन')).toBeVisible();
  await page.getByRole('button', { name: 'English' }).click();
  await expect(heading(page, 'Sign in')).toBeVisible();
  await page.getByRole('button', { name: 'हिन्दी' }).click();
  await page.getByLabel('ई-मेल').fill(DEMO_EMAIL);
  await page.getByRole('textbox', { name: 'पासवर्ड' }).fill('not the password');
  await page.getByRole('button', { name: 'साइन इन करें' }).click();
  await expect(page.getByRole('alert')).toContainText('ई-मेल या पासवर्ड सही नहीं है।');
  await page.getByRole('textbox', { name: 'पासवर्ड' }).fill(DEMO_PASSWORD);
  await page.getByRole('button', { name: 'साइन इन करें' }).click();
  await expect(heading(page, 'अलर्ट')).toBeVisible();

  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await enter(other, { email: 'operation@commandcenter.example' });
  await expect(heading(other, 'Alerts')).toBeVisible();
  await elsewhere.close();
  // The choice is the user's: it is there on another machine too.
  const another = await browser.newContext();
  const same = await another.newPage();
  await enter(same);
  await expect(heading(same, 'अलर्ट')).toBeVisible();
  await another.close();
});

test('Devanagari is drawn with the font that comes along, in rows of the same height', async ({ page }) => {
  await enter(page, { at: '/vehicles/grid' });
  await choose(page, 'English');
  const row = page.getByRole('row').nth(3);
  await expect(row).toBeVisible();
  const english = (await row.boundingBox())?.height;
  await choose(page, 'हिन्दी');
  await expect(heading(page, 'ग्रिड व्यू')).toBeVisible();
  const loaded = await page.evaluate(async () => {
    await document.fonts.ready;
    return [...document.fonts].filter(({ family, status }) => family.includes('Noto Sans Devanagari') && status === 'loaded').length;
  });
  expect(loaded).toBeGreaterThan(0);
  expect((await row.boundingBox())?.height).toBe(english);
});

test('at 1280×720 Hindi has the room it needs on every page', async ({ page }) => {
  test.setTimeout(600_000);
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await enter(page);
  await choose(page, 'English');
  const found = await lookAtEveryPage(page, async () => {
    // A page without the header, or with something before it, is opened by English names and has no menu to choose from.
    const reachable = await page.getByRole('button', { name: MENU }).click({ trial: true, timeout: 1000 }).then(() => true, () => false);
    if (!reachable) return [];
    await choose(page, 'हिन्दी');
    const problems = await page.evaluate(roomProblems);
    await choose(page, 'English');
    return problems;
  });
  expect(found).toEqual({});
});
