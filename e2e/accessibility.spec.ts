import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, openConsole, signIn, test, useHost } from './console.ts';
import { PAGES } from './pages.ts';

const host = useHost();
type Theme = 'light' | 'dark';

/** Serious and critical violations, with what is needed to find each. A theme changes colours alone: the dark one is asked for these only. */
async function violations(page: Page, theme: Theme): Promise<string[]> {
  // Colours between two states are nobody's to read.
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => undefined))));
  const axe = new AxeBuilder({ page });
  const { violations: found } = await (theme === 'light' ? axe : axe.withRules(['color-contrast', 'link-in-text-block'])).analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.slice(0, 5).map(({ target, html, any }) => `${id}: ${target.join(' ')} ${html.slice(0, 160)} ${any.map(({ message }) => message).join(' ')}`));
}

/** What of the page has no room: sideways scrolling, texts cut off without their whole on hover, controls beyond the edge. */
function roomProblems(): string[] {
  const problems: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) problems.push(`the page is ${root.scrollWidth} wide`);
  const main = document.querySelector('main');
  if (main && main.scrollWidth > main.clientWidth) problems.push(`its main part is ${main.scrollWidth} of ${main.clientWidth} wide`);
  for (const element of document.querySelectorAll<HTMLElement>('h1, h2, h3, button, th, td, dt, dd, label, p')) {
    const style = getComputedStyle(element);
    // Visually hidden texts are for screen readers; grids scroll sideways within themselves.
    if (style.clipPath !== 'none' || element.closest('[title], .cc-visually-hidden, .grid-box') !== null || element.clientWidth === 0) continue;
    if (style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1) problems.push(`cut off: ${element.innerText.slice(0, 60)}`);
  }
  for (const control of document.querySelectorAll<HTMLElement>('header button, nav a, main button')) {
    const box = control.getBoundingClientRect();
    if (control.closest('.grid-box') === null && box.width > 1 && (box.right > innerWidth + 1 || box.left < -1)) problems.push(`beyond the edge: ${control.innerText || control.getAttribute('aria-label')}`);
  }
  return problems;
}

/** Opens every page in turn and gathers what `look` finds on each; pages without a finding are left out. */
async function lookAtEveryPage(page: Page, look: (page: Page) => Promise<string[]>): Promise<Record<string, string[]>> {
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

for (const theme of ['light', 'dark'] as const) {
  test(`no page has a serious violation, ${theme}`, async ({ page }) => {
    test.setTimeout(480_000);
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await openConsole(page, host());
    const login = await violations(page, theme);
    await page.getByRole('link', { name: 'Forgot password?' }).click();
    await expect(page.getByLabel('One-time code')).toBeVisible();
    const forgot = await violations(page, theme);
    await page.getByRole('link', { name: 'Back to sign in' }).click();
    await page.getByRole('button', { name: 'Use these' }).click();
    await expect(page.getByRole('button', { name: /user menu/ })).toBeVisible();
    expect({ login, forgot, ...(await lookAtEveryPage(page, () => violations(page, theme))) }).toEqual({ login: [], forgot: [] });
  });
}

test('at 1280×720 no page scrolls sideways and no text is cut off without its whole on hover', async ({ page }) => {
  test.setTimeout(180_000);
  await page.setViewportSize({ width: 1280, height: 720 });
  await signIn(page, host());
  expect(await lookAtEveryPage(page, () => page.evaluate(roomProblems))).toEqual({});
});
