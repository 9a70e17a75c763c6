import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { permissionsOf } from '../../domain/access/permissions.ts';
import { systemPrincipal, type Principal } from '../../domain/access/principal.ts';
import { user, type UserRow } from '../../resources/user.ts';
import type { RowStore } from '../tx.ts';
import type { SyncSession } from './ports.ts';

/** The identity in which mutations of a user run: what his row says now. */
export function authorOf(row: UserRow, sessionId: string, nodeId: string): Principal {
  const { id, email, name, role, misRole, customers } = row;
  return { userId: id, email, name, role, permissions: permissionsOf(role, misRole), scope: customers === 'all' ? 'all' : new Set(customers), sessionId, nodeId };
}

/** The principal of a session as the user's row says now; undefined where he may not sign in any more. */
export async function principalOfSession(rows: Pick<RowStore, 'get'>, session: SyncSession): Promise<Principal | undefined> {
  if (session.service === true) return { ...systemPrincipal(session.nodeId), userId: session.userId, sessionId: session.sessionId };
  const row = (await rows.get(user, session.userId)) as UserRow | undefined;
  return row?.status === 'active' ? authorOf(row, session.sessionId, session.nodeId) : undefined;
}

/** What a replica was given depends on this: another key, and it begins anew with a snapshot. */
export function scopeKeyOf(principal: Principal, schema: number): string {
  const scope = principal.scope === 'all' ? 'all' : [...principal.scope].sort();
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify([principal.userId, [...principal.permissions].sort(), scope, schema])))).slice(0, 32);
}
