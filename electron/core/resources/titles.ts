import type { CustomerScope } from '#shared/domain/access/principal.ts';
import { fieldOf, type Resource } from '#shared/resources/define-resource.ts';
import type { Field } from '#shared/resources/field.ts';
import { resourceNamed } from '#shared/resources/registry.ts';
import type { Operations } from '../store/operations/operations.ts';

type Read = Operations['read'];
type Values = Readonly<Record<string, unknown>>;

/** What people call a row: its title field, followed through one reference (a sale is its VIN). */
export function titleOf(read: Read, resource: Resource, row: object): string {
  const field = fieldOf(resource, resource.title);
  const value = (row as Values)[resource.title];
  if (field.type !== 'reference' || field.to === undefined) return String(value ?? '');
  const target = resourceNamed(field.to);
  const found = read.get(target, String(value));
  return found === undefined ? '' : titleOf(read, target, found);
}

/** Titles of rows by id, of those that are in scope. */
export function titlesOf(read: Read, resource: Resource, scope: CustomerScope, ids: Iterable<string>): ReadonlyMap<string, string> {
  return new Map(read.inScope(resource, scope, [...new Set(ids)]).map(({ row }) => [row.id, titleOf(read, resource, row)]));
}

/** A value in words: a choice by its label, a reference by its row's title; undefined where it shows as it is. */
export function wordsOf(field: Field | undefined, value: unknown, title: (resource: string, id: string) => string | undefined): string | undefined {
  if (field === undefined || value === undefined) return undefined;
  if (field.type === 'reference' && field.to !== undefined) return title(field.to, String(value)) ?? 'Not visible to you';
  if (field.values !== undefined) return field.values.find((entry) => entry.value === value)?.label;
  return undefined;
}
