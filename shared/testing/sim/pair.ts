import { uuidv5 } from '../../kernel/ids.ts';
import type { Role } from '../../domain/access/permissions.ts';
import type { Fields, Resource, RowOf } from '../../resources/define-resource.ts';
import { user, type UserRow } from '../../resources/user.ts';
import type { MutationRecord } from '../../sync/mutation.ts';
import { MUTATOR_REGISTRY, type MutationName, type Mutators } from '../../sync/mutators/index.ts';
import type { ArgsOf } from '../../sync/mutator.ts';
import { Authority } from '../../sync/replication/authority.ts';
import { authorOf } from '../../sync/replication/author.ts';
import { SYNC_PROTOCOL, type PushOutcome, type SyncPage } from '../../sync/replication/protocol.ts';
import { Replica } from '../../sync/replication/replica.ts';
import { groundMutations, idOf, NOW, SYSTEM } from '../master-data.ts';
import { MemoryAuthorityStore } from './memory-authority.ts';
import { MemoryReplicaStore } from './memory-replica.ts';

let ids = 0;
const newId = (): string => uuidv5(`pair:${ids++}`);

/** A server in memory with the rows that vehicles refer to; consoles are joined to it by hand, step by step. */
export class SimServer {
  readonly store = new MemoryAuthorityStore();
  readonly authority = new Authority({ store: this.store, registry: MUTATOR_REGISTRY, clock: { now: () => NOW, monotonic: () => 0 }, schema: { current: 1, oldest: 1 } });

  static async open(): Promise<SimServer> {
    const server = new SimServer();
    for (const record of groundMutations()) await server.authority.mutate(SYSTEM, { ...record, id: newId() });
    return server;
  }

  /** Does something at the server itself. */
  run<N extends MutationName>(name: N, args: ArgsOf<Mutators[N]>): Promise<unknown> {
    return this.authority.mutate(SYSTEM, { id: newId(), name, args, userId: SYSTEM.userId, nodeId: 'server', at: NOW, basedOn: {} });
  }

  /** A console of a new user, in step with the server. */
  async console(name: string, role: Role = 'admin', customers: 'all' | string[] = 'all'): Promise<SimConsole> {
    await this.run('user.create', { id: idOf(name), values: { email: `${name}@example.com`, name, misRole: 'ADMIN', role, account: 'Test', customers }, status: 'active' });
    const console = new SimConsole(this, name);
    await console.pull();
    return console;
  }
}

export class SimConsole {
  readonly store = new MemoryReplicaStore();
  readonly replica = new Replica(MUTATOR_REGISTRY);
  readonly #server: SimServer;
  readonly #name: string;

  constructor(server: SimServer, name: string) {
    this.#server = server;
    this.#name = name;
  }

  get #session() {
    return { userId: idOf(this.#name), nodeId: this.#name, sessionId: this.#name, nodeSeenAt: NOW };
  }

  get #hello() {
    return { protocol: SYNC_PROTOCOL, schema: 1, nodeId: this.#name };
  }

  /** Its user does something; returns the id of the mutation. */
  async act<N extends MutationName>(name: N, args: ArgsOf<Mutators[N]>, basedOn: MutationRecord['basedOn'] = {}): Promise<string> {
    const id = newId();
    await this.store.write(async (tx) => {
      const me = (await tx.rows.get(user, idOf(this.#name))) as UserRow;
      return this.replica.apply(tx, { id, name, args, userId: me.id, nodeId: this.#name, at: NOW, basedOn }, authorOf(me, '', this.#name));
    });
    return id;
  }

  waiting(): Promise<readonly MutationRecord[]> {
    return this.store.write((tx) => this.replica.nextPush(tx, idOf(this.#name)));
  }

  /** Sends these, or what waits; the answer is taken unless it is lost. */
  async push(options: { readonly mutations?: readonly MutationRecord[]; readonly lost?: boolean } = {}): Promise<readonly PushOutcome[]> {
    const mutations = [...(options.mutations ?? (await this.waiting()))];
    const { outcomes } = await this.#server.authority.push(this.#session, { ...this.#hello, mutations });
    if (options.lost !== true) await this.store.write((tx) => this.replica.outcomes(tx, outcomes, NOW));
    return outcomes;
  }

  /** Pulls one page; a reset is followed by its whole snapshot. */
  async page(limit = 2000): Promise<SyncPage | undefined> {
    const { epoch, cursor, scopeKey } = await this.store.write((tx) => this.replica.status(tx));
    const answer = await this.#server.authority.pull(this.#session, { ...this.#hello, epoch, cursor, scopeKey, limit });
    if (answer.kind === 'page') {
      await this.store.write((tx) => this.replica.page(tx, answer, cursor));
      return answer;
    }
    await this.store.write((tx) => this.replica.beginSnapshot(tx));
    for (;;) {
      const { snapshot } = await this.store.write((tx) => this.replica.status(tx));
      if (snapshot === undefined) return undefined;
      const page = await this.#server.authority.snapshot(this.#session, { ...this.#hello, ...(snapshot.after === undefined ? {} : { after: snapshot.after }), limit });
      await this.store.write((tx) => this.replica.snapshotPage(tx, page, snapshot.after));
    }
  }

  async pull(limit = 2000): Promise<void> {
    while ((await this.page(limit))?.more !== false);
  }

  get<F extends Fields>(resource: Resource<F>, id: string): Promise<RowOf<F> | undefined> {
    return this.store.rows.get(resource, id);
  }
}
