import { join } from 'node:path';
import type { Core, CoreDeps } from '#core/app/deps.ts';
import { liveHandlers } from '#core/live/handlers.ts';
import { workerEntryFrom } from '#electron/core-process/worker-entry.ts';
import { startNodeHost } from '#electron/host-node/node-host.ts';
import { CONTRACT_IDENTITY } from '#shared/contract/hash.ts';
import { contract, type AppContract } from '#shared/contract/index.ts';
import type { Session } from '#shared/contract/auth.ts';
import { systemPrincipal, type Principal } from '#shared/domain/access/principal.ts';
import { disposable } from '#shared/kernel/disposable.ts';
import { defaultFeatures } from '#shared/domain/features/features.ts';
import { AppError } from '#shared/kernel/error.ts';
import { createDispatcher } from '#shared/rpc/dispatcher.ts';
import type { CallContext, Handlers } from '#shared/rpc/handlers.ts';
import { catalogue } from './live-traffic.ts';
import { createBenchFleet } from './grid-fleet.ts';

/**
 * The Node host over a fleet in memory: the product's pages, transport and live handlers, with more vehicles, or more changes, than a
 * broker on the same two cores would let through. Arguments: data folder, vehicles, vehicles that report every 100 ms.
 */
const [folder = '', vehicles = '10000', perTick = '1000'] = process.argv.slice(2);
const TICK = 100;
const DEMO = { email: 'bench@example.com', password: 'of no meaning here' };

function createMemoryCore({ clock, scheduler, log, brand, nodeId, timeZone, version }: CoreDeps): Promise<Core> {
  const { fleet, cells, query, state, report } = createBenchFleet(Number(vehicles), clock.now());
  const moving = scheduler.every(TICK, () => report(Number(perTick), clock.now()));
  const principal: Principal = { ...systemPrincipal(nodeId), role: 'super-admin', sessionId: 'bench' };
  const sign = (_input: unknown, { connection }: CallContext<Principal>): Session => {
    connection.bindPrincipal(principal, principal.sessionId);
    const { userId, email, name, role, permissions } = principal;
    return { token: 'bench-bench-bench', user: { userId, email, name, role, roleLabel: 'Super Admin', permissions: [...permissions], scope: 'all' }, idleUntil: Number.MAX_SAFE_INTEGER, absoluteUntil: Number.MAX_SAFE_INTEGER };
  };
  const missing = (): never => {
    throw new AppError('unavailable', 'Not in this bench.');
  };
  const here = {
    'app.info': () => ({ product: brand.name, version, workspace: 'demo' as const, brand, demoSignIn: DEMO, needsFirstUser: false, map: { basemapUrl: '/basemap/' }, timeZone, features: defaultFeatures(true) }),
    'workspace.list': () => ({ current: 'demo' as const, workspaces: [] }),
    'preferences.get': () => ({}),
    'preferences.set': () => ({}),
    'auth.signIn': sign,
    'auth.resume': sign,
    ...liveHandlers({ fleet, cells, query, catalogue, history: { read: () => Promise.resolve({ series: [], truncated: false }) }, clock, scheduler }),
  } satisfies Partial<Handlers<AppContract, Principal>>;
  const status: Handlers<AppContract, Principal>['app.status'] = (_input, _context, sink) => {
    sink.push({ asOf: state.asOf, workspace: 'demo', broker: { kind: 'embedded', state: 'connected', since: clock.now(), address: '' }, store: { state: 'ok', since: clock.now() }, messagesPerSecond: 0, pendingChanges: 0, notices: [] });
    return disposable(() => undefined);
  };
  const handlers = { ...Object.fromEntries(Object.keys(contract).map((name) => [name, missing])), ...here, 'app.status': status } as unknown as Handlers<AppContract, Principal>;
  const dispatcher = createDispatcher<AppContract, Principal>({ contract, handlers, log, authorise: () => undefined, newErrorId: () => '', identity: CONTRACT_IDENTITY });
  return Promise.resolve({
    connect: (channel, client) => dispatcher.serve(channel, client),
    takeDownload: () => undefined,
    knowsWallboard: () => false,
    streetMapFile: () => undefined,
    stop() {
      moving.dispose();
      dispatcher.dispose();
      return Promise.resolve();
    },
  });
}

const root = join(import.meta.dirname, '..');
const host = await startNodeHost({
  createCore: createMemoryCore,
  dataRoot: folder,
  resourcesFolder: join(root, 'resources'),
  webFolder: join(root, 'dist/web'),
  workerEntry: workerEntryFrom(import.meta.url),
  version: '0',
  workspace: 'demo',
  demo: { vehicles: Number(vehicles), seed: 1, simulate: false },
  env: process.env,
  port: 0,
  onFatal: (error) => console.error(error),
});
await host.started();
console.log(host.link);
process.on('SIGTERM', () => void host.stop().then(() => process.exit(0)));
