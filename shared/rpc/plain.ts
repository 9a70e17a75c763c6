import type { Binary } from './channel.ts';

export const BINARY_KINDS = ['Uint8Array', 'Uint16Array', 'Uint32Array', 'Int32Array', 'Float32Array', 'Float64Array'] as const;
export type BinaryKind = (typeof BINARY_KINDS)[number];
export type PathStep = string | number;

/** No message of the contract nests deeper than a few levels; a cycle ends here. */
const MAX_DEPTH = 64;

/** The kind of a typed array that may travel, or undefined; a Node Buffer is a Uint8Array. */
export function binaryKind(value: unknown): BinaryKind | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  const tag = (value as Binary)[Symbol.toStringTag];
  return BINARY_KINDS.find((kind) => kind === tag);
}

function refuse(path: readonly PathStep[], what: string): never {
  throw new TypeError(`${path.length === 0 ? 'the message' : path.join('.')} is ${what}, which does not travel`);
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Object.prototype of another realm has no prototype either.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * The message with every typed array replaced by `replace(array, kind, path)` and without undefined members. What needs no change is
 * shared with the input, not copied. Throws a TypeError that names the path of a value that JSON cannot carry: NaN or Infinity
 * outside a typed array, undefined in a list, dates, maps, class instances, functions, cycles.
 */
export function mapBinaries(value: unknown, replace: (array: Binary, kind: BinaryKind, path: readonly PathStep[]) => unknown): unknown {
  const path: PathStep[] = [];

  function visit(item: unknown): unknown {
    switch (typeof item) {
      case 'string':
      case 'boolean':
        return item;
      case 'number':
        return Number.isFinite(item) ? item : refuse(path, String(item));
      case 'object':
        break;
      default:
        return refuse(path, `of type ${typeof item}`);
    }
    if (item === null) return item;
    if (path.length > MAX_DEPTH) refuse(path, 'nested too deeply');
    if (ArrayBuffer.isView(item)) {
      const kind = binaryKind(item);
      return kind === undefined ? refuse(path, `a ${Object.prototype.toString.call(item)}`) : replace(item as Binary, kind, path);
    }
    return Array.isArray(item) ? visitList(item) : visitObject(item as Record<string, unknown>);
  }

  function visitList(list: readonly unknown[]): unknown {
    let copy: unknown[] | undefined;
    for (let i = 0; i < list.length; i++) {
      path.push(i);
      const next = visit(list[i]);
      path.pop();
      if (next !== list[i]) copy ??= list.slice();
      if (copy !== undefined) copy[i] = next;
    }
    return copy ?? list;
  }

  function visitObject(object: Record<string, unknown>): unknown {
    if (!isPlainObject(object)) refuse(path, `a ${(object.constructor as { name?: string } | undefined)?.name ?? 'class instance'}`);
    let copy: Record<string, unknown> | undefined;
    for (const key of Object.keys(object)) {
      const member = object[key];
      if (member === undefined) {
        copy ??= { ...object };
        delete copy[key];
        continue;
      }
      path.push(key);
      if (key === '__proto__') refuse(path, 'a prototype');
      const next = visit(member);
      path.pop();
      if (next === member) continue;
      copy ??= { ...object };
      copy[key] = next;
    }
    return copy ?? object;
  }

  return visit(value);
}
