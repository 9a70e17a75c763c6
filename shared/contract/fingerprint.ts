import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import type { Contract, Definition } from '../rpc/definition.ts';

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  return z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      // Typed arrays have no JSON schema; their class is the whole of their type.
      const instanceOf = zodSchema._zod.bag['Class'] as { readonly name: string } | undefined;
      if (instanceOf !== undefined) jsonSchema['x-class'] = instanceOf.name;
    },
  });
}

function describe(definition: Definition): unknown {
  const { kind, access, errors } = definition;
  const rest = definition.kind === 'procedure' ? { output: schemaOf(definition.output, 'output') } : { item: schemaOf(definition.item, 'output'), coalesce: definition.coalesce };
  return { kind, access, errors: [...errors].sort(), input: schemaOf(definition.input, 'input'), ...rest };
}

/** JSON with sorted keys (and sorted lists of required keys), so that the order in which a schema was written does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (key, item: unknown) => {
    if (Array.isArray(item)) return key === 'required' ? [...(item as string[])].sort() : item;
    return typeof item === 'object' && item !== null ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item;
  });
}

/**
 * 16 hex digits over what the two sides of a contract must agree on: schemas, access rules, error codes, coalescing. Refinements and
 * transformations written as functions are not seen.
 */
export function contractFingerprint(contract: Contract): string {
  const described = Object.fromEntries(Object.entries(contract).map(([name, definition]) => [name, describe(definition)]));
  return bytesToHex(sha256(utf8ToBytes(canonical(described)))).slice(0, 16);
}
