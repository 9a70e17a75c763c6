import { PERMISSIONS, type Permission } from './permissions.ts';

/** Which customers' vehicles a principal may see: all, or those listed (customer ids). */
export type CustomerScope = 'all' | ReadonlySet<string>;

/** The one identity that every call, feed and mutation carries. */
export interface Principal {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly scope: CustomerScope;
  readonly sessionId: string;
  /** The node (console, headless node, server) on which the principal acts. */
  readonly nodeId: string;
}

/** Whether a vehicle of this customer is within the principal's scope; a vehicle without a customer is seen by `all` only. */
export function inScope(scope: CustomerScope, customerId: string | undefined): boolean {
  return scope === 'all' || (customerId !== undefined && scope.has(customerId));
}

/** The product itself on this node: what it does without a person (units it sees, the demo's data). Never bound to a connection. */
export function systemPrincipal(nodeId: string): Principal {
  return { userId: 'system', email: '', name: 'System', role: 'system', permissions: new Set(Object.keys(PERMISSIONS) as Permission[]), scope: 'all', sessionId: '', nodeId };
}
