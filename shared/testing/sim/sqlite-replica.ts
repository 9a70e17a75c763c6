import { readAttention } from '#core/store/operations/sync/reads.ts';
import { SqliteReplicaTx } from '#core/store/operations/sync/replica-tx.ts';
import { migrate, openDatabase } from '../../platform-node/sqlite/index.ts';
import { OPERATIONS_APPLICATION_ID, OPERATIONS_MIGRATIONS } from '../../store/migrations/index.ts';
import { SqliteRowStore } from '../../store/row-store.ts';
import { storeMutation } from '../../store/change-log.ts';
import type { ReplicaTx } from '../../sync/replication/replica-ports.ts';
import type { ReplicaStore } from './memory-replica.ts';

/** The product's own replica store over a database in memory. */
export function openSqliteReplica(): ReplicaStore & { close(): void } {
  const database = openDatabase(':memory:');
  migrate(database, OPERATIONS_MIGRATIONS, OPERATIONS_APPLICATION_ID);
  const inner = new SqliteReplicaTx(database, new SqliteRowStore(database));
  const people = new Set<string>();
  // The writer stores the mutation beside the entry of the outbox; so does this.
  const tx = new Proxy<ReplicaTx>(inner, {
    get(target, key) {
      if (key === 'addOutbox') {
        return (entry: Parameters<ReplicaTx['addOutbox']>[0]) => {
          storeMutation(database, entry.record, '', undefined, []);
          people.add(entry.record.userId);
          return target.addOutbox(entry);
        };
      }
      const value = Reflect.get(target, key) as unknown;
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
  let last: Promise<unknown> = Promise.resolve();
  return {
    violations: [],
    attention: async () => [...people].flatMap((userId) => readAttention(database, userId)),
    close: () => database.close(),
    write(run) {
      const result = last.then(async () => {
        database.exec('BEGIN IMMEDIATE');
        try {
          const value = await run(tx);
          database.exec('COMMIT');
          return value;
        } catch (error) {
          if (database.inTransaction) database.exec('ROLLBACK');
          throw error;
        }
      });
      last = result.catch(() => undefined);
      return result;
    },
  };
}
