import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Access, type AccessOptions } from '#core/access/access.ts';
import { accessHandlers } from '#core/access/handlers.ts';
import { userHandlers } from '#core/access/user-handlers.ts';
import { createPasswordHasher } from '#shared/platform-node/access/password-hasher.ts';
import type { Operations } from '#core/store/operations/operations.ts';
import { authContract } from '../contract/auth.ts';
import { usersContract } from '../contract/users.ts';
import type { Principal } from '../domain/access/principal.ts';
import { fromBase32, stepAt, totpCode } from '../domain/access/totp.ts';
import { SILENT_LOG } from '../kernel/ports.ts';
import { createClient, type ChannelClient } from '../rpc/client.ts';
import { createDispatcher } from '../rpc/dispatcher.ts';
import type { Handlers } from '../rpc/handlers.ts';
import { memoryChannelPair } from '../rpc/memory.ts';
import { SYSTEM } from './master-data.ts';
import { testSecrets } from './secrets.ts';
import { openTestOperations, testClock, testRng, testScheduler, type TestClock, type TestScheduler } from './operations.ts';

/** What the access service answers. */
export const ACCESS_CONTRACT = { ...authContract, ...usersContract };
export type AuthClient = ChannelClient<typeof ACCESS_CONTRACT>;

/** Every handler of an access service, without the files of exports. */
export function allAccessHandlers(access: Access): Handlers<typeof ACCESS_CONTRACT, Principal> {
  return { ...accessHandlers(access), ...userHandlers({ access, exchange: { exportGrid: () => Promise.reject(new Error('no file is written here')) } }) };
}

/** The access service of one workspace over a folder of its own, served as clients see it. */
export interface AccessFixture {
  readonly access: Access;
  readonly folder: string;
  readonly operations: Operations;
  readonly clock: TestClock;
  readonly scheduler: TestScheduler;
  connect(address?: string): AuthClient;
  /** Makes a user who is active and has this password; returns the id. */
  addUser(email: string, password: string, values?: Partial<{ role: 'admin' | 'operation' | 'super-admin'; customers: 'all' | string[]; name: string }>): Promise<string>;
  stop(): Promise<void>;
}

/** Opens it; every hash is a cheap one. */
export function openAccess(options: Partial<AccessOptions> = {}): AccessFixture {
  const folder = mkdtempSync(join(tmpdir(), 'access-'));
  const clock = testClock();
  const scheduler = testScheduler();
  const hasher = createPasswordHasher({ memory: 256, passes: 1 });
  const operations = openTestOperations(folder, { clock, rng: testRng(7) });
  const access = new Access({ operations, clock, rng: testRng(11), scheduler, log: SILENT_LOG, hasher, commonPasswords: new Set(), allowFirstUser: true, secondFactor: 'mandatory', issuer: 'Command Center', secrets: testSecrets(), ...options });
  let errors = 0;
  const dispatcher = createDispatcher<typeof ACCESS_CONTRACT, Principal>({ contract: ACCESS_CONTRACT, handlers: allAccessHandlers(access), authorise: (rule, principal) => access.authorise(rule, principal), log: SILENT_LOG, newErrorId: () => `E-${++errors}`, validateOutput: true });
  access.onSessionEnded((end) => (end.reason !== 'ended' ? dispatcher.renewSession(end.sessionId) : dispatcher.endSession(end.sessionId)));
  return {
    access,
    folder,
    operations,
    clock,
    scheduler,
    connect(address = '10.0.0.1') {
      const [client, server] = memoryChannelPair();
      dispatcher.serve(server, { address });
      return createClient(ACCESS_CONTRACT, client);
    },
    async addUser(email, password, values = {}) {
      const { id } = await operations.mutate(SYSTEM, 'user.create', { values: { email, name: email, misRole: 'USER', role: 'operation', account: 'Command Centre', customers: 'all', ...values }, status: 'active' });
      await operations.local('credential.set', { userId: id, hash: await hasher.hash(password), at: clock.now() });
      return id;
    },
    async stop() {
      dispatcher.dispose();
      access.dispose();
      await operations.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The code that an authenticator app shows for a secret. */
export function appCode(secret: string, now: number): string {
  return totpCode(fromBase32(secret), stepAt(now));
}
