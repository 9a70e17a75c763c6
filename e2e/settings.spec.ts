import { createServer, type AddressInfo } from 'node:net';
import { expect, heading, signIn, test, useHost } from './console.ts';

const host = useHost();

/** A port of this machine at which nothing answers. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('an external broker needs an address that makes sense, and topics', async ({ page }) => {
  await signIn(page, host(), { at: '/settings/broker' });
  await page.getByRole('radio', { name: /^External/ }).click();
  await page.getByLabel('Address').fill('broker.example.com');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByRole('alert')).toContainText('Enter an address that begins with mqtt://');
  await page.getByRole('button', { name: 'Save and connect' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByLabel('Address').fill('mqtt://broker.example.com');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByText('mqtt:// and ws:// are not encrypted')).toBeVisible();
  await page.getByText('Topics and protocol').click();
  await page.getByLabel('Topic prefix').fill('evf/#');
  await expect(page.getByRole('alert')).toContainText('Enter a topic without + and #');
  await page.getByLabel('Address').fill('mqtts://broker.example.com');
  await expect(page.getByText('Encryption (TLS)')).toBeVisible();
});

test('a broker that does not answer is told in words, and nothing is changed', async ({ page }) => {
  const port = await closedPort();
  await signIn(page, host(), { at: '/settings/broker' });
  await page.getByRole('radio', { name: /^External/ }).click();
  await page.getByLabel('Address').fill(`mqtt://127.0.0.1:${port}`);
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Nothing answers' })).toContainText(`Nothing answers at 127.0.0.1:${port}. Check host and port, and that the broker is running.`);
  await page.getByLabel('User name').fill('somebody');
  await expect(page.getByText('Nothing answers')).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('radio', { name: /^Embedded/ })).toBeChecked();
});

test('the embedded broker opens to the network only with a password, and only when confirmed', async ({ page }) => {
  await signIn(page, host(), { at: '/settings/broker' });
  await page.getByRole('radio', { name: /^The workshop's network/ }).click();
  const save = page.getByRole('button', { name: 'Save', exact: true });
  await save.click();
  await expect(page.getByRole('alert')).toContainText('Enter a password of at least 8 characters.');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByLabel('Password for units').fill('short');
  await save.click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByLabel('Password for units').fill('long enough for units');
  await save.click();
  const dialog = page.getByRole('dialog', { name: 'Change who can reach the embedded broker?' });
  const change = dialog.getByRole('button', { name: 'Change network access' });
  await expect(change).toBeDisabled();
  await dialog.getByLabel('Type Confirm to continue').fill('confirm');
  await expect(change).toBeEnabled();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.reload();
  await expect(page.getByRole('radio', { name: /^Only this machine/ })).toBeChecked();
});

test('a street map that is not there is refused with its reason', async ({ page }) => {
  await signIn(page, host(), { at: '/settings/map' });
  await page.getByLabel('PMTiles file').fill('/nowhere/india.pmtiles');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toContainText('There is no such file');
  await page.reload();
  await expect(page.getByLabel('PMTiles file')).toHaveValue('');
});

test('About says what this is and where its data lies', async ({ page }) => {
  await signIn(page, host(), { at: '/settings/about' });
  await expect(heading(page, 'About')).toBeVisible();
  await expect(page.getByText('Demo: an invented fleet')).toBeVisible();
  await expect(page.getByText('GeoNames (CC BY 4.0)')).toBeVisible();
  await expect(page.getByRole('main')).toContainText(/Data folder\s*\/\S+/);
});

test('the own password is changed with the current one only', async ({ page }) => {
  await signIn(page, host(), { email: 'technician@commandcenter.example' });
  const change = async (current: string): Promise<void> => {
    await page.getByRole('button', { name: /user menu/ }).click();
    await page.getByRole('button', { name: 'Change password…' }).click();
    await page.getByLabel('Current password').fill(current);
    await page.getByLabel('New password', { exact: false }).first().fill('kettles on the river');
    await page.getByLabel('The new password again').fill('kettles on the river');
    await page.getByRole('dialog').getByRole('button', { name: 'Change password' }).click();
  };
  await change('not the current one');
  await expect(page.getByRole('dialog').getByRole('alert').filter({ hasText: /\S/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await change('Try-it-out-2024');
  await expect(page.getByText('Your password is changed.')).toBeVisible();
});
