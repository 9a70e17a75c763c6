/** Ends an exhaustive switch: a new case that is not handled does not compile, and throws where types were evaded. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
