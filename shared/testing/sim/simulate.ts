import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { systemPrincipal } from '../../domain/access/principal.ts';
import { uuidv5 } from '../../kernel/ids.ts';
import type { Role } from '../../domain/access/permissions.ts';
import type { MutationRecord } from '../../sync/mutation.ts';
import { MUTATOR_REGISTRY } from '../../sync/mutators/index.ts';
import { Authority } from '../../sync/replication/authority.ts';
import type { SyncTransport } from '../../sync/replication/loop.ts';
import type { SyncSession } from '../../sync/replication/ports.ts';
import { CUSTOMER_ID, groundMutations, NOW, OTHER_CUSTOMER_ID, productArgs } from '../master-data.ts';
import { Lost, VirtualNetwork } from '../network/virtual-network.ts';
import { VirtualTime } from '../network/virtual-time.ts';
import { SeededRandom } from '../random.ts';
import { problemsOf } from './check.ts';
import { MemoryAuthorityStore } from './memory-authority.ts';
import { MemoryReplicaStore, type ReplicaStore } from './memory-replica.ts';
import { SimNode } from './node.ts';

export interface SimOptions {
  readonly seed: number;
  /** Stores of the replicas; in memory where absent. */
  readonly openReplica?: () => ReplicaStore;
  /** A bug to plant, so that a test sees it caught. */
  readonly bug?: 'skip-duplicate-check' | 'cursor-first';
}

export interface SimResult {
  readonly seed: number;
  /** What is not as it must be after everything has healed; empty where all is well. */
  readonly problems: readonly string[];
  /** Equal for equal seeds. */
  readonly trace: string;
  readonly accepted: number;
  readonly rejected: number;
}

/** How long things go wrong, and how long they have to come right, ms of virtual time. */
const TROUBLE = 5 * 60_000;
const HEALING = 20 * 60_000;

const USERS: readonly { readonly name: string; readonly role: Role; readonly customers: 'all' | readonly string[] }[] = [
  { name: 'asha', role: 'super-admin', customers: 'all' },
  { name: 'ravi', role: 'admin', customers: [CUSTOMER_ID] },
  { name: 'meera', role: 'admin', customers: 'all' },
  { name: 'imran', role: 'operator', customers: [CUSTOMER_ID, OTHER_CUSTOMER_ID] },
  { name: 'divya', role: 'b2b', customers: [OTHER_CUSTOMER_ID] },
];

const SERVER = systemPrincipal('server');
const userIdOf = (name: string): string => uuidv5(`sim:${name}`);

/** Runs one world: consoles and a server on a bad line, people who act, processes that die, rights that change; then everything heals. */
export async function simulate(options: SimOptions): Promise<SimResult> {
  const random = new SeededRandom(options.seed);
  const time = new VirtualTime(NOW);
  const lines: string[] = [];
  const trace = (text: string): void => void lines.push(`${time.monotonic()} ${text}`);
  let ids = 0;
  const newId = (): string => uuidv5(`sim:${options.seed}:${ids++}`);
  let trouble = true;
  const crash = { server: random.next() * 0.04, node: random.next() * 0.03 };

  const store = new MemoryAuthorityStore();
  let schema = { current: 1, oldest: 1 };
  let nodes: SimNode[] = [];
  const dies = (step: string): void => {
    if (!trouble || random.next() >= crash.server) return;
    trace(`server dies in ${step}`);
    throw new Lost(step);
  };
  const authorityOf = (): Authority =>
    new Authority({ store: options.bug === 'skip-duplicate-check' ? forgetful(store) : store, registry: MUTATOR_REGISTRY, clock: time, schema, probe: dies, onHead: () => nodes.forEach((node) => random.next() < 0.7 && time.after(random.below(50), () => node.poke())) });
  let serving = authorityOf();
  await ground(authorityQuiet(store, time), newId);
  store.beforeCommit = () => dies('commit');

  const network = new VirtualNetwork(time, random, { drop: random.next() * 0.2, duplicate: random.next() * 0.2, delay: 1 + random.below(2_000) });
  nodes = USERS.slice(0, 2 + random.below(4)).map(({ name }) => {
    const userId = userIdOf(name);
    const session: SyncSession = { userId, nodeId: name, sessionId: name, nodeSeenAt: NOW };
    const transport: SyncTransport = {
      push: (request) => network.request(name, request, (sent) => serving.push(session, sent)),
      pull: (request) => network.request(name, request, (sent) => serving.pull(session, sent)),
      snapshot: (request) => network.request(name, request, (sent) => serving.snapshot(session, sent)),
    };
    const replica = options.openReplica?.() ?? new MemoryReplicaStore();
    return new SimNode({ name, userId, store: replica, time, random, newId, transport, crash: () => (trouble ? crash.node : 0), trace, ...(options.bug === 'cursor-first' ? { cursorFirst: true } : {}) });
  });
  nodes.forEach((node) => time.after(random.below(5_000), () => node.start()));

  const failures: string[] = [];
  const during = (work: Promise<unknown>): void => void work.catch((error: unknown) => error instanceof Lost || failures.push(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  for (let acts = 30 + random.below(50); acts > 0; acts--) {
    const node = random.pick(nodes);
    time.after(random.below(TROUBLE), () => during(node.act()));
  }
  for (let cuts = random.below(4); cuts > 0; cuts--) {
    const node = random.pick(nodes);
    const from = random.below(TROUBLE);
    time.after(from, () => network.cut(node.name, true));
    time.after(from + random.below(TROUBLE / 2), () => network.cut(node.name, false));
  }
  for (let changes = random.below(4); changes > 0; changes--) time.after(random.below(TROUBLE), () => during(changeRights(authorityQuiet(store, time), random, nodes, newId, time, trace)));
  if (random.below(3) === 0) {
    const upgrade = (): void => {
      schema = { current: 2, oldest: random.below(2) + 1 };
      serving = authorityOf();
      trace(`server at schema 2, serves ${schema.oldest}`);
    };
    time.after(random.below(TROUBLE), upgrade);
    for (const node of nodes) {
      time.after(random.below(TROUBLE * 1.2), () => {
        node.schema = 2;
        node.die('upgrade');
      });
    }
  }

  await time.run(TROUBLE * 1.2);
  trouble = false;
  if (nodes.some((node) => node.schema !== schema.current)) schema = { current: 2, oldest: 1 };
  serving = authorityOf();
  network.faults = { drop: 0, duplicate: 0, delay: 5 };
  for (const node of nodes) {
    network.cut(node.name, false);
    node.start();
    node.poke();
  }
  await time.run(HEALING);

  const problems = [...failures, ...(await problemsOf(store, nodes))];
  const outcomes = store.outcomes();
  const rejected = outcomes.filter(({ outcome }) => outcome.outcome === 'rejected').length;
  lines.push(...outcomes.map(({ record, outcome }) => `${record.id} ${outcome.outcome}`));

  for (const node of nodes) node.stop();
  return { seed: options.seed, problems, trace: bytesToHex(sha256(utf8ToBytes(lines.join('\n')))).slice(0, 16), accepted: outcomes.length - rejected, rejected };
}

/** The server without faults, for what is done at the server itself. */
function authorityQuiet(store: MemoryAuthorityStore, time: VirtualTime): Authority {
  return new Authority({ store, registry: MUTATOR_REGISTRY, clock: time, schema: { current: 1, oldest: 1 } });
}

async function ground(authority: Authority, newId: () => string): Promise<void> {
  const run = (name: string, args: unknown): Promise<unknown> => authority.mutate(SERVER, { id: newId(), name, args, userId: SERVER.userId, nodeId: SERVER.nodeId, at: NOW, basedOn: {} });
  for (const record of groundMutations()) await authority.mutate(SERVER, { ...record, id: newId(), userId: SERVER.userId, nodeId: SERVER.nodeId });
  for (const { name, role, customers } of USERS) await run('user.create', { id: userIdOf(name), values: { email: `${name}@example.com`, name, misRole: 'ADMIN', role, account: 'Sim', customers }, status: 'active' });
  for (let n = 0; n < 4; n++) await run('product.create', productArgs(n, { sale: { customerId: n % 2 === 0 ? CUSTOMER_ID : OTHER_CUSTOMER_ID } }));
}

/** An administrator at the server gives a user other rights. */
async function changeRights(authority: Authority, random: SeededRandom, nodes: readonly SimNode[], newId: () => string, time: VirtualTime, trace: (text: string) => void): Promise<void> {
  const { userId, name } = random.pick(nodes);
  const set = random.below(2) === 0 ? { role: random.pick(['admin', 'operator', 'b2b', 'technician'] as const) } : { customers: random.pick(['all', [CUSTOMER_ID], [OTHER_CUSTOMER_ID]]) };
  const record: MutationRecord = { id: newId(), name: 'user.update', args: { id: userId, edit: { set } }, userId: SERVER.userId, nodeId: SERVER.nodeId, at: time.now(), basedOn: {} };
  trace(`${name} becomes ${JSON.stringify(set)}`);
  await authority.mutate(SERVER, record).catch((error: unknown) => trace(String(error)));
}

/** A store that forgets which mutations it has seen. */
function forgetful(store: MemoryAuthorityStore): MemoryAuthorityStore {
  return {
    write: (run: Parameters<MemoryAuthorityStore['write']>[0]) => store.write((tx) => run({ ...tx, outcome: async () => undefined })),
    read: (run: Parameters<MemoryAuthorityStore['read']>[0]) => store.read(run),
  } as unknown as MemoryAuthorityStore;
}
