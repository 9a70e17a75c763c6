import { DEMO_EMAIL, DEMO_PASSWORD, enrol, expect, fillSignIn, goTo, heading, openConsole, signInWithCode, test, useHost } from './console.ts';

const host = useHost({ args: ['--workspace', 'local'] });
const OWN = { email: 'asha@fleet.example', password: 'river kettle maple' };
let codes: string[] = [];

test.describe.configure({ mode: 'serial' });

test('a new workspace asks for its first user, in words that say what is missing', async ({ page }) => {
  await openConsole(page, host());
  await expect(heading(page, 'First user')).toBeVisible();
  await expect(page.getByText('Use these')).toHaveCount(0);
  await page.getByLabel('Your name').fill('Asha Rao');
  await page.getByLabel('E-mail').fill(OWN.email);
  await page.getByLabel(/^Password/).fill(OWN.password);
  await page.getByLabel('The same password again').fill('river kettle');
  await page.getByRole('button', { name: 'Create user and sign in' }).click();
  await expect(page.getByText('The two passwords differ.')).toBeVisible();
  await page.getByLabel('The same password again').fill(OWN.password);
  await page.getByRole('button', { name: 'Create user and sign in' }).click();
  codes = (await enrol(page)).recoveryCodes;
  expect(codes).toHaveLength(10);
  await expect(page.getByRole('button', { name: /Asha Rao/ })).toBeVisible();
  await page.getByRole('button', { name: /user menu/ }).click();
  await expect(page.getByText('Super Admin')).toBeVisible();
});

test('map, grid and intake say why they are empty', async ({ page }) => {
  await openConsole(page, host());
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await signInWithCode(page, OWN.email, OWN.password, codes.pop()!);
  await expect(page.getByText('No alerts available at the moment')).toBeVisible();
  await goTo(page, '/vehicles');
  await expect(page.getByText('No vehicles yet')).toBeVisible();
  await expect(page.getByText('Vehicles appear here once they exist in this workspace and are bound to a unit.')).toBeVisible();
  await page.getByRole('link', { name: 'Grid view' }).click();
  await expect(page.getByText('0 items')).toBeVisible();
  await expect(page.getByRole('main')).toContainText(/No vehicle/);
  await goTo(page, '/intake/units');
  await expect(page.getByText('No unit has sent anything yet')).toBeVisible();
});

test('the demo’s users are not known here', async ({ page }) => {
  await openConsole(page, host());
  await fillSignIn(page, DEMO_EMAIL, DEMO_PASSWORD);
  await expect(page.getByText('E-mail or password is not right.')).toBeVisible();
});

test('the workspace is changed on the login page, to the demo and back', async ({ page }) => {
  await openConsole(page, host());
  const workspaces = page.getByRole('radiogroup', { name: 'Workspace' });
  await workspaces.getByRole('radio', { name: 'Demo fleet' }).click();
  await page.getByRole('button', { name: 'Use these' }).click();
  await expect(heading(page, 'Alerts')).toBeVisible();
  await goTo(page, '/vehicles');
  await expect(heading(page, 'Map view')).toBeVisible();
  await expect(page.getByRole('radio', { name: /^All\s*50$/ })).toBeVisible();
  await page.getByRole('button', { name: /user menu/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await workspaces.getByRole('radio', { name: 'Local workspace' }).click();
  await expect(page.getByRole('button', { name: 'Use these' })).toHaveCount(0);
  await signInWithCode(page, OWN.email, OWN.password, codes.pop()!);
  await expect(page.getByText('No alerts available at the moment')).toBeVisible();
  await goTo(page, '/vehicles');
  await expect(page.getByText('No vehicles yet')).toBeVisible();
});
