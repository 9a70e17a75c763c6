import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, openConsole, signIn, test, useHost } from './console.ts';
import { lookAtEveryPage } from './pages.ts';
import { roomProblems } from './room.ts';

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

for (const theme of ['light', 'dark'] as const) {
  test(`no page has a serious violation, ${theme}`, async ({ page }) => {
    test.setTimeout(900_000);
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
  test.setTimeout(600_000);
  await page.setViewportSize({ width: 1280, height: 720 });
  await signIn(page, host());
  expect(await lookAtEveryPage(page, () => page.evaluate(roomProblems))).toEqual({});
});
