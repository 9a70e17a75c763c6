import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Exchange } from '#core/exchange/exchange.ts';
import { resourceHandlers } from '#core/resources/handlers.ts';
import type { Operations } from '#core/store/operations/operations.ts';
import { z } from 'zod';
import { resourcesContract } from '../contract/resources.ts';
import type { Principal } from '../domain/access/principal.ts';
import { verdict } from '../domain/access/policy.ts';
import { AppError } from '../kernel/error.ts';
import { SILENT_LOG } from '../kernel/ports.ts';
import { createClient, type Client } from '../rpc/client.ts';
import { procedure } from '../rpc/definition.ts';
import { createDispatcher } from '../rpc/dispatcher.ts';
import type { Handlers } from '../rpc/handlers.ts';
import { memoryChannelPair } from '../rpc/memory.ts';
import { groundMutations, idOf, LOCATION_ID, OTHER_CUSTOMER_ID, principalOf, productArgs, SYSTEM } from './master-data.ts';
import { openTestOperations, testClock, testRng, testScheduler } from './operations.ts';
import { STATION_ID } from './resource-samples.ts';

const contract = { ...resourcesContract, 'test.signIn': procedure({ input: z.object({ as: z.string() }), output: z.object({}), access: 'public', doc: 'Signs in as a named principal.' }) };
type HostContract = typeof contract;

/** The resource procedures over a store of their own, asked through a dispatcher as a window asks them. */
export interface ResourceHost {
  readonly operations: Operations;
  readonly exchange: Exchange;
  /** A client that is signed in as this principal. */
  client(principal: Principal): Promise<Client<HostContract>>;
  /** Sees and writes everything. */
  readonly admin: Client<HostContract>;
  readonly adminPrincipal: Principal;
  close(): Promise<void>;
}

/** Opens a host with the ground rows, nine vehicles (1 to 6 of one customer, 7 to 9 of another) and a station. */
export async function openResourceHost(): Promise<ResourceHost> {
  const folder = mkdtempSync(join(tmpdir(), 'resources-'));
  const operations = openTestOperations(folder);
  await operations.commit({ principal: SYSTEM, mutations: groundMutations().map(({ id, name, args }) => ({ name, args, options: { id } }) as never) });
  for (let n = 1; n <= 9; n++) await operations.mutate(SYSTEM, 'product.create', productArgs(n, n <= 6 ? {} : { sale: { customerId: OTHER_CUSTOMER_ID } }));
  await operations.mutate(SYSTEM, 'station.create', { id: STATION_ID, values: { name: 'Koramangala', locationId: LOCATION_ID, address: '80 Feet Road', latitude: 12.93, longitude: 77.62, slots: 20, status: 'Open' } });
  const exchange = new Exchange({ workerEntry: new URL('../../electron/workers/files.ts', import.meta.url), dataFolder: folder, clock: testClock(), rng: testRng(), scheduler: testScheduler(), log: SILENT_LOG });
  const known = new Map<string, Principal>();
  const handlers: Handlers<HostContract, Principal> = {
    ...resourceHandlers({ operations, exchange }),
    'test.signIn': ({ as }, context) => {
      const principal = known.get(as);
      if (principal) context.connection.bindPrincipal(principal, as);
      return {};
    },
  };
  const dispatcher = createDispatcher<HostContract, Principal>({
    contract,
    handlers,
    authorise(rule, principal) {
      const answer = verdict(rule, principal);
      return answer === 'allowed' ? undefined : new AppError(answer, 'Not allowed.');
    },
    log: SILENT_LOG,
    newErrorId: () => '1',
    validateOutput: true,
  });
  const client = async (principal: Principal): Promise<Client<HostContract>> => {
    const as = String(known.size);
    known.set(as, principal);
    const [near, far] = memoryChannelPair();
    dispatcher.serve(far, { address: 'test' });
    const made = createClient(contract, near);
    await made.call('test.signIn', { as });
    return made;
  };
  const adminPrincipal = { ...principalOf('super-admin'), userId: idOf('asha'), name: 'Asha Rao' };
  return {
    operations,
    exchange,
    client,
    adminPrincipal,
    admin: await client(adminPrincipal),
    async close() {
      dispatcher.dispose();
      await exchange.close();
      await operations.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
