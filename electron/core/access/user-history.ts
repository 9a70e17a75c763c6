import type { ResourceChange } from '#shared/contract/resource.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { user, type UserRow } from '#shared/resources/user.ts';
import { readHistory } from '../resources/history.ts';
import type { Operations } from '../store/operations/operations.ts';
import { customersInWords } from './user-list.ts';

/** All changes of one user that are looked at where not all may be shown. */
const DEEPEST = 10_000;

type Line = ResourceChange['fields'][number];

function inScope({ scope }: Principal, customers: unknown): boolean {
  return scope === 'all' || (Array.isArray(customers) && customers.every((id) => typeof id === 'string' && scope.has(id)));
}

/** Customers by name; ids stay here. */
function named(line: Line, names: ReadonlyMap<string, string>): Line {
  if (line.field !== 'customers') return line;
  const { from, to, ...rest } = line;
  const text = (value: unknown): string => customersInWords(value as UserRow['customers'], names);
  return { ...rest, ...(from === undefined ? {} : { fromText: text(from) }), ...(to === undefined ? {} : { toText: text(to) }) };
}

/**
 * Changes of a user, newest first. One who sees some customers is shown those since the user came into his sight: whose user it was before is
 * another customer's business.
 */
export function readUserHistory(operations: Operations, id: string, principal: Principal, names: ReadonlyMap<string, string>, page: { readonly before?: number; readonly limit: number }): { changes: ResourceChange[]; more: boolean } {
  const { scope } = principal;
  if (scope === 'all') {
    const { changes, more } = readHistory(operations, user, id, principal, page);
    return { changes: changes.map((change) => ({ ...change, fields: change.fields.map((line) => named(line, names)) })), more };
  }
  // `readHistory` knows no scope of users, so it is read as by one who sees all, and cut here.
  const { changes } = readHistory(operations, user, id, { ...principal, scope: 'all' }, { limit: DEEPEST });
  const shown: ResourceChange[] = [];
  for (const change of changes) {
    const came = change.operation === 'update' && change.fields.some(({ field, from }) => field === 'customers' && !inScope(principal, from));
    shown.push(came ? { ...change, fields: change.fields.map(({ from: _from, fromText: _words, ...line }) => line) } : change);
    if (came) break;
  }
  const older = shown.filter(({ sequence }) => page.before === undefined || sequence < page.before);
  const own = older.slice(0, page.limit).map((change) => ({ ...change, fields: change.fields.map((line) => named(line, names)) }));
  return { changes: own, more: older.length > own.length };
}
