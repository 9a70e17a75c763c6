import { fieldOf, type Resource } from '#shared/resources/define-resource.ts';
import type { Field } from '#shared/resources/field.ts';
import { resourceNamed } from '#shared/resources/registry.ts';

export interface ResourceColumn {
  readonly key: string;
  /** In English, as the definition has it. */
  readonly label: string;
  readonly field: Field;
  readonly joined: boolean;
}

/** A field or joined column by its key. */
export function columnOf(resource: Resource, key: string): ResourceColumn {
  const joined = Object.hasOwn(resource.joined, key) ? resource.joined[key] : undefined;
  if (joined === undefined) {
    const field = fieldOf(resource, key);
    return { key, label: field.label, field, joined: false };
  }
  const field = fieldOf(resourceNamed(joined.resource), joined.field);
  return { key, label: joined.label ?? field.label, field, joined: true };
}
