import { fieldOf, type Resource } from './define-resource.ts';
import type { Field } from './field.ts';
import type { ImportColumn, ImportTemplate } from './import-template.ts';
import { resourceNamed } from './registry.ts';

const withUnit = (label: string, field: Field): string => (field.unit === undefined || field.unit === '' ? label : `${label} (${field.unit})`);

/** The joined column that shows the name of the row a reference points to. */
function namedBy(resource: Resource, key: string, field: Field): string | undefined {
  const target = field.to === undefined ? undefined : resourceNamed(field.to);
  return Object.keys(resource.joined).find((name) => resource.joined[name]?.through === key && resource.joined[name].field === target?.title);
}

/** Heading of a joined column, as exports write it. */
function joinedHeading(resource: Resource, key: string): string {
  const joined = resource.joined[key];
  const field = fieldOf(resourceNamed(joined?.resource ?? ''), joined?.field ?? '');
  return withUnit(resource.exchange?.[key] ?? joined?.label ?? field.label, field);
}

/** Heading of a field: that of its export, for a reference that of the name it is shown by. */
function headingOf(resource: Resource, key: string): string {
  const field = fieldOf(resource, key);
  const name = field.type === 'reference' ? namedBy(resource, key, field) : undefined;
  return name === undefined ? withUnit(resource.exchange?.[key] ?? field.label, field) : joinedHeading(resource, name);
}

/** The fields by which a row of a file is found: its title where that is unique, else what is unique. */
function keyOf(resource: Resource): readonly string[] {
  if (resource.fields[resource.title]?.unique !== undefined) return [resource.title];
  if (resource.uniqueTogether !== undefined) return resource.uniqueTogether.fields;
  const unique = Object.keys(resource.fields).find((key) => resource.fields[key]?.unique !== undefined);
  return unique === undefined ? [] : [unique];
}

/** Name of the template of a resource. */
export function templateName(resource: Resource): string {
  return `resource:${resource.name}`;
}

/** Whether people may upload rows of the resource: it has forms, and something by which a row is found. */
export function isImportable(resource: Resource): boolean {
  return resource.permissions.write !== undefined && keyOf(resource).length > 0 && (resource.form?.add ?? resource.form?.edit) !== undefined;
}

/**
 * The template of a resource: the fields of its forms under the headings of its export, so that what was exported can be changed and
 * uploaded. A row that is there is changed, one that is not is added where the resource has an add form.
 */
export function resourceTemplate(resource: Resource): ImportTemplate {
  const key = keyOf(resource);
  const form = [...(resource.form?.add ?? []), ...(resource.form?.edit ?? [])];
  const keys = [...new Set([...key, ...form])].filter((name) => fieldOf(resource, name).type !== 'instant');
  const columns = keys.map((name): ImportColumn => {
    const field = fieldOf(resource, name);
    return { key: name, heading: headingOf(resource, name), field, required: key.includes(name), requiredToAdd: field.mandatory !== 'no' };
  });
  const taken = new Set(columns.map(({ heading }) => heading));
  const others = [...Object.keys(resource.joined).map((name) => joinedHeading(resource, name)), ...Object.keys(resource.fields).map((name) => withUnit(resource.exchange?.[name] ?? fieldOf(resource, name).label, fieldOf(resource, name)))];
  return { name: templateName(resource), title: resource.label.many, columns, key, distinct: key, partial: true, ignored: others.filter((heading) => !taken.has(heading)), samples: [], permission: resource.permissions.write ?? resource.permissions.read };
}
