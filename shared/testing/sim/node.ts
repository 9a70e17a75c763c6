import { AppError } from '../../kernel/error.ts';
import type { Resource } from '../../resources/define-resource.ts';
import { user, type UserRow } from '../../resources/user.ts';
import type { MutationRecord } from '../../sync/mutation.ts';
import { MUTATOR_REGISTRY } from '../../sync/mutators/index.ts';
import { authorOf } from '../../sync/replication/author.ts';
import { SyncLoop, type ReplicaPort, type SyncTransport } from '../../sync/replication/loop.ts';
import { Replica } from '../../sync/replication/replica.ts';
import type { AttentionEntry, ReplicaTx } from '../../sync/replication/replica-ports.ts';
import { Lost } from '../network/virtual-network.ts';
import type { VirtualTime } from '../network/virtual-time.ts';
import type { SeededRandom } from '../random.ts';
import { randomAct } from './acts.ts';
import type { ReplicaStore } from './memory-replica.ts';

export interface NodeOptions {
  readonly name: string;
  readonly userId: string;
  readonly store: ReplicaStore;
  readonly time: VirtualTime;
  readonly random: SeededRandom;
  readonly newId: () => string;
  readonly transport: SyncTransport;
  /** Chance that the process dies in a step, from 0 to 1; asked at each. */
  readonly crash: () => number;
  readonly trace: (text: string) => void;
  /** Plants a bug: the cursor is stored before the page is applied. */
  readonly cursorFirst?: boolean;
}

/** How long a process that died stays away, ms. */
const RESTART = 8_000;

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** A console of the simulation: its store survives, its process dies now and then. */
export class SimNode {
  readonly name: string;
  readonly userId: string;
  readonly made = new Set<string>();
  schema = 1;
  readonly #options: NodeOptions;
  #life = 0;
  #replica = new Replica(MUTATOR_REGISTRY);
  #loop: SyncLoop | undefined;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.name = options.name;
    this.userId = options.userId;
  }

  get alive(): boolean {
    return this.#loop !== undefined;
  }

  start(): void {
    if (this.#loop !== undefined) return;
    this.#life += 1;
    this.#replica = new Replica(MUTATOR_REGISTRY);
    const { time, random, transport } = this.#options;
    this.#loop = new SyncLoop({ transport, replica: this.#port(this.#life), nodeId: this.name, schema: this.schema, clock: time, scheduler: time, rng: { next: () => random.next(), bytes: (count) => new Uint8Array(count) }, limit: 1 + random.below(12) });
    this.#loop.poke();
  }

  die(step: string): void {
    if (this.#loop === undefined) return;
    this.#options.trace(`${this.name} dies in ${step}`);
    this.#loop.stop();
    this.#loop = undefined;
    this.#life += 1;
    this.#options.time.after(RESTART * this.#options.random.next(), () => this.start());
  }

  poke(): void {
    this.#loop?.poke();
  }

  /** Its user does something. What is refused here and now is not sent. */
  async act(): Promise<void> {
    if (!this.alive) return;
    const { store, random, newId, time, trace } = this.#options;
    const life = this.#life;
    const id = newId();
    try {
      const name = await store.write(async (tx) => {
        const me = (await tx.rows.get(user, this.userId)) as UserRow | undefined;
        const act = await randomAct(tx.rows, random, newId);
        if (me === undefined || act === undefined || life !== this.#life) return undefined;
        const basedOn: Record<string, number> = {};
        for (const { resource, id: rowId } of act.seen) {
          const row = await tx.rows.get(resource, rowId);
          if (row !== undefined) basedOn[`${resource.name}:${rowId}`] = row.revision;
        }
        const record: MutationRecord = { id, name: act.name, args: act.args, userId: this.userId, nodeId: this.name, at: time.now(), basedOn };
        await this.#replica.apply(tx, record, authorOf(me, '', this.name));
        this.#mayDie('act.commit');
        return act.name;
      });
      if (name === undefined) return;
      this.made.add(id);
      trace(`${this.name} ${name} ${id.slice(0, 8)}`);
      this.poke();
    } catch (error) {
      this.#replica.forget();
      if (error instanceof Lost) return;
      if (!(error instanceof AppError)) throw error;
    }
  }

  /** Rows of the outbox that are left. */
  outbox(): Promise<readonly string[]> {
    return this.#options.store.write(async (tx) => (await tx.outbox()).map(({ record, state, error }) => `${record.name} ${record.id.slice(0, 8)} ${state} ${error?.message ?? ''}`));
  }

  attention(): Promise<readonly AttentionEntry[]> {
    return this.#options.store.attention();
  }

  violations(): readonly string[] {
    return this.#options.store.violations;
  }

  rows(resource: Resource): Promise<readonly (Readonly<Record<string, unknown>> & { readonly id: string })[]> {
    return this.#options.store.write(async (tx) => (await tx.rows.find(resource, {}, 10_000)) as never);
  }

  stop(): void {
    this.#loop?.stop();
  }

  #mayDie(step: string): void {
    if (this.#options.random.next() >= this.#options.crash()) return;
    this.die(step);
    throw new Lost(step);
  }

  #port(life: number): ReplicaPort {
    const run = async <T>(step: string, work: (tx: ReplicaTx) => Promise<T>): Promise<T> => {
      if (life !== this.#life) return never();
      try {
        this.#mayDie(`${step}.receive`);
        const result = await this.#options.store.write(async (tx) => {
          if (life !== this.#life) throw new Lost(step);
          const value = await work(tx);
          this.#mayDie(`${step}.commit`);
          return value;
        });
        this.#mayDie(`${step}.done`);
        return result;
      } catch (error) {
        if (error instanceof Lost || life !== this.#life) return never();
        this.#replica.forget();
        throw error;
      }
    };
    return {
      status: () => run('status', (tx) => this.#replica.status(tx)),
      nextPush: () => run('push', (tx) => this.#replica.nextPush(tx, this.userId, 1 + this.#options.random.below(5))),
      outcomes: (outcomes) => run('outcomes', async (tx) => void (await this.#replica.outcomes(tx, outcomes, this.#options.time.now()))),
      page: async (page, from) => {
        if (this.#options.cursorFirst === true) await run('cursor', (tx) => tx.setState('cursor', String(page.cursor)));
        await run('page', async (tx) => {
          if (this.#options.cursorFirst === true) await tx.setState('cursor', String(from));
          await this.#replica.page(tx, page, from);
        });
      },
      beginSnapshot: () => run('reset', (tx) => this.#replica.beginSnapshot(tx)),
      snapshotPage: (page, after) => run('snapshot', async (tx) => void (await this.#replica.snapshotPage(tx, page, after))),
    };
  }
}
