import type { AttributeDefinitionDraft } from './facts.ts';
import type { DbcAttributeTarget } from './model.ts';
import { endStatement, readReference, type Reading } from './reading.ts';
import type { Scanner } from './scanner.ts';

const TARGETS: ReadonlyMap<string, DbcAttributeTarget> = new Map([['BU_', 'node'], ['BO_', 'message'], ['SG_', 'signal'], ['EV_', 'environment']]);
const TYPES: ReadonlyMap<string, AttributeDefinitionDraft['type']> = new Map([['INT', 'integer'], ['HEX', 'hex'], ['FLOAT', 'float'], ['STRING', 'string'], ['ENUM', 'enum']]);

/** `BA_DEF_ BO_ "name" ENUM "a","b";` */
export function readDefinition(reading: Reading): void {
  const { scanner, facts } = reading;
  const target = TARGETS.get(scanner.peekWord());
  if (target !== undefined) scanner.word('a target');
  const name = scanner.string('the name of an attribute');
  const type = TYPES.get(scanner.word('a type').toUpperCase());
  if (type === undefined) scanner.fail('INT, HEX, FLOAT, STRING or ENUM');
  const labels: string[] = [];
  if (type === 'enum') {
    while (scanner.failure === undefined && scanner.peek() === '"') {
      labels.push(scanner.string('a label'));
      scanner.accept(',');
    }
  } else {
    while (scanner.failure === undefined && /[-+.\di]/i.test(scanner.peek())) scanner.number('a limit');
  }
  endStatement(reading, 'BA_DEF_');
  if (scanner.failure === undefined && type !== undefined) facts.definitions.push({ name, target: target ?? 'database', type, labels, labelSet: new Set(labels), defaultValue: undefined });
}

/** `BA_DEF_DEF_ "name" value;` */
export function readDefault(reading: Reading, line: number): void {
  const { scanner, facts } = reading;
  const name = scanner.string('the name of an attribute');
  const value = readValue(scanner);
  endStatement(reading, 'BA_DEF_DEF_');
  if (scanner.failure === undefined) facts.defaults.push({ line, name, value });
}

/** `BA_ "name" [BU_ name | BO_ id | SG_ id name] value;` */
export function readAttribute(reading: Reading, line: number): void {
  const { scanner, facts } = reading;
  const name = scanner.string('the name of an attribute');
  const reference = readReference(scanner);
  const value = readValue(scanner);
  endStatement(reading, 'BA_');
  if (scanner.failure === undefined) facts.attributes.push({ line, name, reference, value });
}

function readValue(scanner: Scanner): string | number {
  if (scanner.peek() === '"') return scanner.string('a value');
  const value = scanner.number('a value');
  return Number.isFinite(value) ? value : 0;
}
