import { DEMO_EMAIL, DEMO_PASSWORD, expect, fillSignIn, goTo, heading, openConsole, signIn, test, useHost } from './console.ts';

const host = useHost();

test('the bare address says how to open the console and shows nothing of it', async ({ page }) => {
  await page.goto(host().origin);
  await expect(page.getByRole('heading', { name: 'Open the link of the launcher' })).toBeVisible();
  await expect(page.getByLabel('E-mail')).toHaveCount(0);
  const answers = await page.evaluate(async () => Promise.all(['/index.html', '/basemap/basemap.json', '/session'].map(async (path) => (await fetch(path)).status)));
  expect(answers).toEqual([401, 401, 401]);
});

test('a token of another start opens nothing', async ({ page }) => {
  await page.goto(`${host().origin}/#token=${'A'.repeat(43)}`);
  await expect(page.getByRole('heading', { name: 'Open the link of the launcher' })).toBeVisible();
});

test('the link leaves no token in the address', async ({ page }) => {
  await openConsole(page, host());
  expect(page.url()).toBe(`${host().origin}/#/login`);
});

test('the demo shows its sign-in and takes it with one click', async ({ page }) => {
  await openConsole(page, host());
  const demo = page.getByRole('complementary', { name: 'Demo sign-in' });
  await expect(demo).toContainText(DEMO_EMAIL);
  await expect(demo).toContainText(DEMO_PASSWORD);
  await demo.getByRole('button', { name: 'Use these' }).click();
  await expect(heading(page, 'Alerts')).toBeVisible();
});

test('the window is named by its page and the product, before signing in as after', async ({ page }) => {
  await openConsole(page, host());
  await expect(page).toHaveTitle('Sign in – Command Center');
  await page.getByRole('link', { name: 'Forgot password?' }).click();
  await expect(page).toHaveTitle('Forgotten password – Command Center');
  await page.getByRole('link', { name: 'Back to sign in' }).click();
  await page.getByRole('button', { name: 'Use these' }).click();
  await expect(page).toHaveTitle('Alerts – Command Center');
  const { status, type } = await page.evaluate(async () => fetch('/favicon.ico').then((answer) => ({ status: answer.status, type: answer.headers.get('content-type') })));
  expect([status, type]).toEqual([200, 'image/svg+xml']);
});

test('a window of another version is loaded anew once, then says what to do', async ({ page }) => {
  let loads = 0;
  page.on('load', () => loads++);
  let introductions = 0;
  // The page says that it was built with another contract.
  await page.routeWebSocket(/\/rpc$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      if (!String(message).includes('"hello"')) return server.send(message);
      introductions++;
      server.send(String(message).replace(/"hash":"[0-9a-f]+"/, '"hash":"0000000000000000"'));
    });
  });
  await page.goto(host().url);
  await expect(page.getByText('This window is of another version')).toBeVisible();
  // The gate, the console, and the console anew.
  await expect.poll(() => loads).toBe(3);
  await page.waitForTimeout(3000);
  expect([loads, introductions]).toEqual([3, 2]);
});

test('the version stands bottom right', async ({ page }) => {
  await openConsole(page, host());
  const box = await page.getByText(/^Version \d+\.\d+\.\d+$/).boundingBox();
  const { width, height } = page.viewportSize()!;
  expect([box!.x + box!.width > width - 40, box!.y + box!.height > height - 40]).toEqual([true, true]);
});

test('empty fields are named in place', async ({ page }) => {
  await openConsole(page, host());
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('Enter an e-mail address')).toBeVisible();
  await expect(page.getByText('Enter your password.')).toBeVisible();
});

test('a wrong password and an unknown address get the same one message', async ({ page }) => {
  await openConsole(page, host());
  const messages: string[] = [];
  for (const email of ['admin@commandcenter.example', 'nobody@commandcenter.example']) {
    await fillSignIn(page, email, 'not-the-password');
    const message = page.getByRole('alert').getByText('E-mail or password is not right.');
    await expect(message).toBeVisible();
    messages.push(await message.innerText());
    await expect(page.getByLabel('E-mail')).toHaveValue(email);
    await page.reload();
  }
  expect(messages[0]).toBe(messages[1]);
});

test('repeated failures wait longer and longer, say how long, and lock nobody out', async ({ page }) => {
  const email = 'technician@commandcenter.example';
  await openConsole(page, host());
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel(/^Password/).fill('not-the-password');
  const submit = page.getByRole('button', { name: 'Sign in' });
  const waits: number[] = [];
  for (let attempt = 0; attempt < 12 && (waits.at(-1) ?? 0) < 3; attempt++) {
    await submit.click();
    const alert = page.getByRole('alert').getByText(/Too many attempts|is not right/);
    await expect(alert).toBeVisible();
    const seconds = /in (\d+) second/.exec(await alert.innerText())?.[1];
    if (seconds === undefined) continue;
    waits.push(Number(seconds));
    if (Number(seconds) >= 3) await expect(submit).toBeDisabled();
    await expect(submit).toBeEnabled({ timeout: 20_000 });
  }
  expect(waits[0]).toBeLessThan(3);
  expect(waits.at(-1)).toBeGreaterThanOrEqual(3);
  await fillSignIn(page, email, DEMO_PASSWORD);
  await expect(heading(page, 'Alerts')).toBeVisible();
});

test('a reload stays signed in; signing out ends it for good', async ({ page }) => {
  await signIn(page, host());
  await page.reload();
  await expect(heading(page, 'Alerts')).toBeVisible();
  await page.getByRole('button', { name: /user menu/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await goTo(page, '/vehicles/grid');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('signing out ends the session in every window that holds it', async ({ page, context }) => {
  await signIn(page, host());
  const [second] = await Promise.all([context.waitForEvent('page'), page.evaluate(() => void window.open(location.href))]);
  await expect(second.getByRole('button', { name: /user menu/ })).toBeVisible();
  await page.getByRole('button', { name: /user menu/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(second.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('an address typed before signing in is opened after it', async ({ page }) => {
  await openConsole(page, host());
  await goTo(page, '/settings/about');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await fillSignIn(page, DEMO_EMAIL, DEMO_PASSWORD);
  await expect(heading(page, 'About')).toBeVisible();
});
