import { ROLES, type Role } from '#shared/domain/access/permissions.ts';
import { systemPrincipal } from '#shared/domain/access/principal.ts';
import { uuidv5 } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { DEFAULT_ACCOUNT, user } from '#shared/resources/user.ts';
import { localStep, type MutationCall, type Operations } from '#core/store/operations/operations.ts';
import type { PasswordHasher } from '#shared/platform-node/access/password-hasher.ts';

/** Shown on the login page of the demo, and good for every demo user. */
export const DEMO_SIGN_IN = { email: 'demo@commandcenter.example', password: 'Try-it-out-2024' } as const;

const NAMES: Readonly<Record<Role, string>> = {
  'super-admin': 'Sana Superadmin',
  admin: 'Arun Admin',
  operation: 'Omkar Operation',
  b2b: 'Bina B2B',
  operator: 'Ojas Operator',
  technician: 'Tara Technician',
};

/**
 * Makes the users of the demo workspace once: the one of the login page (Super Admin) and one for each role preset
 * (`operation@…`), the B2B user limited to `b2bCustomerId`. To be called for the demo workspace only.
 */
export async function seedDemoUsers(options: { readonly operations: Operations; readonly hasher: PasswordHasher; readonly clock: Clock; readonly b2bCustomerId: string }): Promise<void> {
  const { operations, hasher, clock } = options;
  if (operations.read.count(user) > 0) return;
  const at = clock.now();
  const domain = DEMO_SIGN_IN.email.split('@')[1] ?? '';
  const people: { readonly email: string; readonly name: string; readonly role: Role }[] = [
    { email: DEMO_SIGN_IN.email, name: 'Demo User', role: 'super-admin' },
    ...(Object.keys(ROLES) as Role[]).map((role) => ({ email: `${role}@${domain}`, name: NAMES[role], role })),
  ];
  const idOf = (email: string): string => uuidv5(`demo user:${email}`);
  const mutations = people.map(({ email, name, role }): MutationCall => ({
    name: 'user.create',
    args: {
      id: idOf(email),
      values: { email, name, role, misRole: role === 'super-admin' || role === 'admin' ? 'ADMIN' : 'USER', account: DEFAULT_ACCOUNT, customers: role === 'b2b' ? [options.b2bCustomerId] : 'all' },
      status: 'active',
    },
  }));
  // The password is public, so one hash for all is no loss and saves the demo's first start six hashes.
  const hash = await hasher.hash(DEMO_SIGN_IN.password);
  await operations.commit({ principal: systemPrincipal(operations.nodeId), mutations, local: people.map(({ email }) => localStep('credential.set', { userId: idOf(email), hash, at })) });
}
