import type { WorkspaceKind } from '#shared/contract/app.ts';
import type { Connection } from './rpc/connection.ts';
import type { AppInfo } from './shell.ts';

export interface SwitchOptions {
  readonly connection: Pick<Connection, 'call' | 'reconnect'>;
  /** Forgets who was signed in: a session belongs to one workspace. */
  forget(): void;
  /** Asks the core anew what it is; waits for the connection. */
  refreshInfo(): Promise<AppInfo>;
}

/**
 * Opens another workspace and waits until it serves this window. Throws why it cannot be opened: known beforehand, or found out while
 * the host opened it, after which the former one is open again and the host tells whoever asks once more.
 */
export async function switchWorkspace(kind: WorkspaceKind, { connection, forget, refreshInfo }: SwitchOptions): Promise<void> {
  await connection.call('workspace.open', { kind });
  forget();
  connection.reconnect();
  const { workspace } = await refreshInfo();
  if (workspace !== kind) await connection.call('workspace.open', { kind });
}
