import type { ResourceOption } from '#shared/contract/resource.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import { fieldOf, type Resource } from '#shared/resources/define-resource.ts';
import { resourceNamed } from '#shared/resources/registry.ts';
import type { Operations } from '../store/operations/operations.ts';
import { titleOf } from './titles.ts';

export interface OptionsQuery {
  readonly field: string;
  readonly search?: string | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly limit: number;
}

/** Choices for a field or joined column of a resource, as far as the principal may see them. Throws AppError invalid-input for another key. */
export function readOptions(read: Operations['read'], resource: Resource, principal: Principal, query: OptionsQuery): { options: ResourceOption[]; more: boolean } {
  const { field: key, search, ids, limit } = query;
  const own = Object.hasOwn(resource.fields, key);
  if (!own && !Object.hasOwn(resource.joined, key)) throw new AppError('invalid-input', `There is no column "${key}".`, { column: key });
  const joined = resource.joined[key];
  const field = own ? fieldOf(resource, key) : fieldOf(resourceNamed(joined?.resource ?? ''), joined?.field ?? '');
  if (field.values !== undefined) return { options: field.values.map(({ value, label }) => ({ value, label })), more: false };
  const one = { ...(search === undefined ? {} : { search }), ...(ids === undefined ? {} : { ids }), limit: limit + 1 };
  if (field.type !== 'reference' || field.to === undefined) {
    const values = read.distinct(resource, principal.scope, key, one);
    return { options: values.slice(0, limit).map((value) => ({ value, label: value })), more: values.length > limit };
  }
  const target = resourceNamed(field.to);
  const rows = read.choose(target, principal.scope, one);
  const options = rows.slice(0, limit).map(({ row }) => {
    const hint = (target.hint ?? []).map((part) => (row as unknown as Readonly<Record<string, unknown>>)[part]).filter((part) => part !== undefined).join(', ');
    return { value: row.id, label: titleOf(read, target, row), ...(hint === '' ? {} : { hint }) };
  });
  return { options, more: rows.length > limit };
}
