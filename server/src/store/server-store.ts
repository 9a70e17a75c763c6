import type { AuthorityStore } from '#shared/sync/replication/ports.ts';
import type { ServerTx } from './authority-tx.ts';

/** The server's store: master data, feed and accounts in one database. One writer at a time; reads see one consistent state. */
export interface ServerStore extends AuthorityStore {
  /** Name of this server among nodes. */
  readonly nodeId: string;
  write<T>(run: (tx: ServerTx) => Promise<T>): Promise<T>;
  read<T>(run: (tx: ServerTx) => Promise<T>): Promise<T>;
  /** Bytes of the store, and writes that wait. */
  status(): Promise<{ readonly bytes: number; readonly waiting: number }>;
  close(): Promise<void>;
}
