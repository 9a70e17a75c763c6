import type { Page } from '@playwright/test';
import { expect, goTo, heading, signIn, test, useHost } from './console.ts';
import { permissionsOf, ROLES, type Permission, type Role } from '../shared/domain/access/permissions.ts';

const host = useHost();

/** A page of Admin, User management, swapping or commissioning: who sees it, and by which buttons it is changed. */
interface RolePage {
  readonly address: string;
  readonly title: string;
  readonly read: Permission;
  readonly write?: Permission;
 
  readonly add?: string;
}

const PAGES: readonly RolePage[] = [
  { address: '/admin/products', title: 'Products', read: 'admin.read', write: 'admin.write', add: 'Add product' },
  { address: '/admin/sales', title: 'Sales', read: 'sales.read', write: 'admin.write' },
  { address: '/admin/customers', title: 'Customers', read: 'admin.read', write: 'admin.write', add: 'Add customer' },
  { address: '/admin/locations', title: 'Locations', read: 'admin.read', write: 'admin.write', add: 'Add location' },
  { address: '/admin/leases', title: 'Lease Details', read: 'admin.read', write: 'admin.write', add: 'Add lease' },
  { address: '/admin/group-members', title: 'Group members', read: 'admin.read', write: 'admin.write', add: 'Add group member' },
  { address: '/admin/vehicle-models', title: 'Vehicle models', read: 'admin.read', write: 'admin.write', add: 'Add vehicle model' },
  { address: '/admin/battery-models', title: 'Battery models', read: 'admin.read', write: 'admin.write', add: 'Add battery model' },
  { address: '/stations/list', title: 'Swapping stations', read: 'admin.read', write: 'admin.write', add: 'Add swapping station' },
  { address: '/stations/batteries', title: 'Slots', read: 'admin.read', write: 'admin.write', add: 'Add slot' },
  { address: '/users', title: 'Users', read: 'users.read', write: 'users.manage', add: 'Add user' },
];

/** Pages that are seen or not, and change nothing by a form of their own. */
const SEEN: readonly Pick<RolePage, 'address' | 'title' | 'read'>[] = [
  { address: '/admin/bulk-upload', title: 'Bulk Upload', read: 'admin.read' },
  { address: '/stations/swaps', title: 'Battery swaps', read: 'admin.read' },
  { address: '/devices/swapping', title: 'VCU/VTS swapping', read: 'admin.read' },
  { address: '/devices/swap-log', title: 'Swaps', read: 'admin.read' },
  { address: '/users/audit', title: 'Audit log', read: 'audit.read' },
  { address: '/commissioning', title: 'Commission a vehicle', read: 'commission.work' },
  { address: '/commissioning/tray', title: 'Tray of vehicles', read: 'commission.work' },
];

const drawer = (page: Page): ReturnType<Page['getByRole']> => page.getByRole('main').getByRole('complementary').last();

for (const role of Object.keys(ROLES) as Role[]) {
  // As the demo's users are: administrators alone have the MIS role.
  const held = permissionsOf(role, role === 'super-admin' || role === 'admin' ? 'ADMIN' : 'USER');

  test(`${ROLES[role].label} works through Admin, users, swapping and commissioning as the role allows`, async ({ page }) => {
    test.setTimeout(240_000);
    await signIn(page, host(), { email: `${role}@commandcenter.example` });
    for (const { address, title, read, write, add } of PAGES) {
      await test.step(address, async () => {
        await goTo(page, address);
        if (!held.has(read)) {
          await expect(heading(page, 'Not for this role')).toBeVisible();
          return;
        }
        await expect(heading(page, title)).toBeVisible();
        await expect(page.getByRole('main').getByRole('row').nth(1)).toBeVisible();
        const mayWrite = write !== undefined && held.has(write);
        if (add === undefined) return;
        if (!mayWrite) {
          await expect(page.getByRole('button', { name: add })).toHaveCount(0);
          return;
        }
        await page.getByRole('button', { name: add }).click();
        await drawer(page).getByRole('button', { name: 'Save' }).click();
        await expect(drawer(page).getByText(/^Check the (marked field|\d+ marked fields)\.$/)).toBeVisible();
        await drawer(page).getByRole('button', { name: 'Cancel' }).click();
      });
    }
    for (const { address, title, read } of SEEN) {
      await test.step(address, async () => {
        await goTo(page, address);
        await expect(heading(page, held.has(read) ? title : 'Not for this role')).toBeVisible();
      });
    }
  });
}

test('the MIS role alone opens the MIS dashboards', async ({ page, browser }) => {
  const email = 'operation@commandcenter.example';
  const mis = { name: 'MIS', exact: true } as const;
  await signIn(page, host(), { email, at: '/mis' });
  await expect(heading(page, 'Not for this role')).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Modules' }).getByRole('link', mis)).toHaveCount(0);
  const admin = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await signIn(admin, host(), { at: `/users?search=${email}` });
  await admin.getByRole('main').getByRole('row').filter({ hasText: email }).click();
  await drawer(admin).getByRole('button', { name: 'Edit' }).click();
  await drawer(admin).getByRole('combobox', { name: 'MIS Role' }).click({ force: true });
  await admin.getByRole('option', { name: 'ADMIN', exact: true }).click();
  await drawer(admin).getByRole('button', { name: 'Save' }).click();
  await admin.getByRole('textbox', { name: 'Type Confirm to continue' }).fill('confirm');
  await admin.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(admin.getByRole('dialog')).toHaveCount(0);
  await admin.close();
  // Without a new sign-in.
  await expect(page.getByRole('navigation', { name: 'Modules' }).getByRole('link', mis)).toBeVisible();
  await goTo(page, '/mis');
  await expect(heading(page, 'Dashboards')).toBeVisible();
});
