import { expect, test } from 'vitest';
import { schemaFingerprint, SYNC_SCHEMA } from './schema.ts';

test('definitions of resources do not change without a new number of the schema', () => {
  expect(schemaFingerprint(), 'a definition changed: raise SYNC_SCHEMA.current and enter this fingerprint').toBe(SYNC_SCHEMA.fingerprint);
});
