import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { columnsOf } from '../../resources/columns.ts';
import { RESOURCES } from '../../resources/registry.ts';

/**
 * The definitions of resources that this program syncs. `current` grows by one where a table, a column or who sees a row changes; `oldest` is
 * the first one whose replicas this program still serves. A test holds `fingerprint` to the definitions.
 */
export const SYNC_SCHEMA = { current: 1, oldest: 1, fingerprint: '907d02f4397d3906' } as const;

/** 16 hex digits over tables, columns and scope of every resource. */
export function schemaFingerprint(): string {
  const described = RESOURCES.map(({ name, table, scope, permissions, fields, ...resource }) => [name, table, scope, permissions.read, columnsOf({ name, table, scope, permissions, fields, ...resource }).map(({ name: column, type, notNull, unique }) => [column, type, notNull, unique])]);
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(described)))).slice(0, 16);
}
