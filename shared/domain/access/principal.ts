import type { Permission } from './permissions.ts';

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
