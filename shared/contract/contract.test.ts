import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PERMISSIONS } from '../domain/access/permissions.ts';
import { ERROR_CODES } from '../kernel/error.ts';
import { procedure, stream } from '../rpc/definition.ts';
import { contractFingerprint } from './fingerprint.ts';
import { CONTRACT_IDENTITY } from './hash.ts';
import { CONTRACT_VERSION, contract } from './index.ts';

const definitions = Object.entries(contract);

describe('contract', () => {
  it('is what its version says it is', () => {
    const actual = { version: CONTRACT_VERSION, hash: contractFingerprint(contract) };
    expect(actual, 'The contract has changed: a window of the version before would misunderstand this one. Run `npx node tools/contract-hash.ts --write` (it raises CONTRACT_VERSION and records the new fingerprint) and commit both files.').toEqual(CONTRACT_IDENTITY);
  });

  it.each(definitions)('%s has a dotted name, a sentence of documentation and known error codes', (name, definition) => {
    expect(name).toMatch(/^[a-z][a-zA-Z]*(\.[a-zA-Z]+)+$/);
    expect(definition.doc).toMatch(/^[A-Z0-9].*\.$/s);
    expect(definition.errors.filter((code) => !ERROR_CODES.includes(code))).toEqual([]);
  });

  it.each(definitions)('%s asks for a permission that exists', (_name, { access }) => {
    if (typeof access === 'object') expect(Object.keys(PERMISSIONS)).toContain(access.permission);
    else expect(['public', 'signed-in']).toContain(access);
  });
});

describe('fingerprint', () => {
  const base = { 'a.b': procedure({ input: z.object({ x: z.number(), y: z.string() }), output: z.object({ v: z.instanceof(Float64Array) }), access: 'public', errors: ['not-found', 'stale'], doc: 'D.' }) };
  const hash = contractFingerprint(base);
  const changed = (change: object) => contractFingerprint({ 'a.b': { ...base['a.b'], ...change } });

  it('does not depend on documentation or on the order of members', () => {
    expect(changed({ doc: 'Other.', errors: ['stale', 'not-found'], input: z.object({ y: z.string(), x: z.number() }) })).toBe(hash);
  });

  it.each([
    ['a renamed field', { input: z.object({ x: z.number(), z: z.string() }) }],
    ['a narrower field', { input: z.object({ x: z.number().int(), y: z.string() }) }],
    ['an optional field', { input: z.object({ x: z.number().optional(), y: z.string() }) }],
    ['another kind of typed array', { output: z.object({ v: z.instanceof(Float32Array) }) }],
    ['an access rule', { access: 'signed-in' }],
    ['an error code', { errors: ['not-found'] }],
  ])('changes with %s', (_what, change) => {
    expect(changed(change)).not.toBe(hash);
  });

  it('changes with how a stream coalesces', () => {
    const make = (bound: number) => contractFingerprint({ s: stream({ input: z.object({}), item: z.object({}), access: 'public', coalesce: { mode: 'queue', bound }, doc: 'D.' }) });
    expect(make(1)).not.toBe(make(2));
  });
});
