import { permissionsOf, ROLES } from '#shared/domain/access/permissions.ts';
import type { CustomerScope, Principal } from '#shared/domain/access/principal.ts';
import type { SignedInUser } from '#shared/contract/auth.ts';
import type { UserRow } from '#shared/resources/user.ts';

/** The identity of a user in a session on a node. Who must set up a second factor first holds no permission and sees nothing. */
export function principalOfUser(user: UserRow, sessionId: string, nodeId: string, mustEnrol = false): Principal {
  const scope: CustomerScope = user.customers === 'all' ? 'all' : new Set(user.customers);
  return {
    userId: user.id,
    email: user.email,
    name: user.name,
    role: user.role,
    permissions: mustEnrol ? new Set() : permissionsOf(user.role, user.misRole),
    scope: mustEnrol ? new Set<string>() : scope,
    sessionId,
    nodeId,
  };
}

/** What a client is told about itself. */
export function describeUser(user: UserRow, mustEnrol = false): SignedInUser {
  return {
    userId: user.id,
    email: user.email,
    name: user.name,
    role: user.role,
    roleLabel: ROLES[user.role].label,
    permissions: mustEnrol ? [] : [...permissionsOf(user.role, user.misRole)],
    scope: user.customers === 'all' ? 'all' : [...user.customers],
    ...(mustEnrol ? { mustEnrol } : {}),
  };
}

/** Whether a principal may see and manage this user: nobody reaches users who see more customers than himself. */
export function withinScope(principal: Pick<Principal, 'scope' | 'userId'>, user: UserRow): boolean {
  const { scope } = principal;
  if (scope === 'all' || user.id === principal.userId) return true;
  return user.customers !== 'all' && user.customers.every((id) => scope.has(id));
}
