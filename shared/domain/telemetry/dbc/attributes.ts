import type { AttributeDefinitionDraft } from './facts.ts';
import type { DbcAttributes, DbcAttributeTarget, DbcAttributeValue, DbcDatabase } from './model.ts';

/** The value to keep: enums given by index become their label, since vendors number them differently. */
export function setAttribute(definition: AttributeDefinitionDraft | undefined, value: string | number, onUnknown: () => void): DbcAttributeValue {
  if (definition?.type !== 'enum') return value;
  if (typeof value === 'number') {
    const label = definition.labels[value];
    if (label === undefined) onUnknown();
    return label ?? value;
  }
  if (!definition.labelSet.has(value) && value !== '') onUnknown();
  return value;
}

/** The attribute `name` of something in `database`: as set there, else its default, else undefined. */
export function attributeOf(database: Pick<DbcDatabase, 'attributeDefinitions'>, target: DbcAttributeTarget, attributes: DbcAttributes, name: string): DbcAttributeValue | undefined {
  if (Object.hasOwn(attributes, name)) return attributes[name];
  return database.attributeDefinitions.find((definition) => definition.name === name && definition.target === target)?.defaultValue;
}
