import type { Page } from '@playwright/test';
import { expect } from './console.ts';

/** Opens the demo's faults on the alert page. */
export async function demoFaults(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Demo faults' }).click();
  await expect(page.getByRole('heading', { name: 'Faults for the demo fleet' })).toBeVisible();
}

/** Puts a fault into a vehicle for some seconds, from the alert page. */
export async function inject(page: Page, vin: string, fault: string, seconds: number): Promise<void> {
  await demoFaults(page);
  // A list that closes while its answer comes is opened again.
  await expect(async () => {
    await page.getByRole('combobox', { name: 'Vehicle', exact: true }).fill(vin);
    await page.getByRole('option', { name: vin }).click({ timeout: 3_000 });
  }).toPass({ timeout: 30_000 });
  await page.getByRole('radio', { name: fault }).click();
  await page.getByRole('spinbutton', { name: 'Seconds' }).fill(String(seconds));
  await page.getByRole('button', { name: 'Inject fault' }).click();
  await expect(page.getByText(`${fault} is in ${vin}.`)).toBeVisible();
}
