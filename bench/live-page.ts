import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import playwrightConfig from '../e2e/playwright.config.ts';
import { PIN_BYTES } from '#renderer/ui/map/pin-columns.ts';
import { observeDrawing, type Observed } from './live-observer.ts';

/** Chromium as the browser tests run it: no window, WebGL in software. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ ...playwrightConfig.use?.launchOptions });
}

/** A profile of its own for pages with the observer in them. Nothing moves by itself there, so that the map is where it is going at once. */
export async function openContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', locale: 'en-IN', timezoneId: 'Asia/Kolkata' });
  await context.addInitScript(observeDrawing, PIN_BYTES);
  return context;
}

/** Opens the console by its link and signs in with the demo's account as soon as the page offers it. */
export async function signIn(page: Page, link: string, hash = ''): Promise<void> {
  await page.goto(link);
  const button = page.getByRole('button', { name: /use these/i });
  await button.waitFor();
  // Where to go after signing in.
  if (hash !== '') await page.evaluate((value) => (location.hash = value), hash);
  await button.click();
}

/** What the observer has noted since it was last asked. */
export function takeObserved(page: Page): Promise<Observed> {
  return page.evaluate(() => {
    const { observed } = window as unknown as { observed: Observed };
    const { x, y, at, long, frames, first } = observed;
    const taken = { frames, first, long: long.splice(0), x: x.splice(0, at.length), y: y.splice(0, at.length), at: at.splice(0) };
    observed.frames = 0;
    return taken;
  });
}

/** Shows the town around a vehicle, at a zoom of single pins. */
export async function showTown(page: Page, vin: string): Promise<void> {
  await page.locator('.cc-map canvas').first().waitFor();
  // A search that finds one vehicle goes there.
  await page.evaluate((value) => (location.hash = `#/vehicles?search=${value}`), vin);
  await page.getByRole('button', { name: /follow/i }).waitFor();
  await page.evaluate(() => (location.hash = '#/vehicles'));
  for (let step = 0; step < 4; step++) {
    await page.getByRole('button', { name: 'Zoom out' }).click();
    await page.waitForTimeout(300);
  }
  await page.waitForTimeout(1000);
}
