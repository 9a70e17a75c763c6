import { rmSync } from 'node:fs';
import { appCode, enrol, expect, goTo, heading, openConsole, test } from './console.ts';
import { startHost, temporaryFolder, type RunningHost } from './host.ts';

const ADMIN = { email: 'asha@fleet.example', name: 'Asha Rao', password: 'river kettle maple' };
const RAVI = { email: 'ravi@fleet.example', name: 'Ravi Kumar' };
// While the host is away the browser says so on its console.
test.use({ expectedErrors: [/ERR_CONNECTION_REFUSED|WebSocket connection to .* failed/] });

let dataFolder = '';
let host: RunningHost | undefined;
test.beforeAll(() => {
  dataFolder = temporaryFolder();
});
test.afterAll(async () => {
  await host?.stop();
  rmSync(dataFolder, { recursive: true, force: true });
});

test('a second factor that was not shown lately is asked for before a user is deleted, and the act then goes through once', async ({ page }) => {
  const args = ['--workspace', 'local'];
  host = await startHost({ dataFolder, args });
  const { port } = host;
  await openConsole(page, host);
  await page.getByLabel('Your name').fill(ADMIN.name);
  await page.getByLabel('E-mail').fill(ADMIN.email);
  await page.getByLabel(/^Password/).fill(ADMIN.password);
  await page.getByLabel('The same password again').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Create user and sign in' }).click();
  const { secret } = await enrol(page);
  await goTo(page, '/users');
  await page.getByRole('button', { name: 'Add user' }).first().click();
  const form = page.getByRole('complementary', { name: 'Add user' });
  await form.getByLabel('User Name').fill(RAVI.email);
  await form.getByLabel(/^Name/).fill(RAVI.name);
  await form.getByRole('button', { name: 'Save' }).click();
  const adding = page.getByRole('dialog').filter({ has: page.getByRole('button', { name: 'Save', exact: true }) });
  await adding.getByRole('textbox').fill('confirm');
  await adding.getByRole('button', { name: 'Save' }).click();
  // The second factor was shown a moment ago: nothing asks for it.
  await page.getByRole('dialog', { name: `Activation code for ${RAVI.name}` }).getByRole('button', { name: 'Cancel' }).click();
  const ravi = page.getByRole('row').filter({ hasText: RAVI.name });
  await expect(ravi).toBeVisible();

  // A session outlives its host, and what was shown in it does not: as after the quarter of an hour that it counts.
  await host.stop();
  host = await startHost({ dataFolder, port, args });
  await page.goto(host.url);
  await expect(page.getByRole('button', { name: /user menu/ })).toBeVisible();
  await goTo(page, '/users');
  await ravi.locator('.el-checkbox').click();
  await page.getByRole('button', { name: 'Delete' }).click();
  const deleting = page.getByRole('dialog', { name: `Delete ${RAVI.email}` });
  await deleting.getByRole('textbox').fill('confirm');
  await deleting.getByRole('button', { name: 'Delete' }).click();
  const proof = page.getByRole('dialog', { name: 'Show your second factor again' });
  await proof.getByRole('button', { name: 'Cancel' }).click();
  await expect(proof).toBeHidden();
  await expect(deleting.getByRole('alert')).toContainText('authenticator app');

  await deleting.getByRole('button', { name: 'Delete' }).click();
  await proof.getByLabel('Code of the authenticator app').fill('000000');
  await proof.getByRole('button', { name: 'Go on' }).click();
  await expect(proof.getByText(/code is not right/)).toBeVisible();
  await expect(ravi).toBeVisible();
  await proof.getByLabel('Code of the authenticator app').fill(appCode(secret, 1));
  await proof.getByRole('button', { name: 'Go on' }).click();
  await expect(proof).toBeHidden();
  await expect(deleting).toBeHidden();
  await expect(ravi).toHaveCount(0);

  await goTo(page, '/users/audit');
  await expect(heading(page, 'Audit log')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Deleted a user' })).toHaveCount(1);
});
