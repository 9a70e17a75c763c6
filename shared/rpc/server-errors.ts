import type { z } from 'zod';
import { AppError, type AppErrorData, type ErrorCode } from '../kernel/error.ts';
import type { Log } from '../kernel/ports.ts';

/** Codes that every call may answer with, whatever its definition lists. */
const COMMON: readonly ErrorCode[] = ['invalid-input', 'not-signed-in', 'second-factor', 'forbidden', 'unavailable', 'cancelled', 'internal'];

/** The parsed input; throws AppError `invalid-input` with `details.issues` ({ path, message } each). */
export function parseInput(schema: z.ZodType, raw: unknown): unknown {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, 20).map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  const first = issues[0];
  const text = first === undefined ? 'The request is not valid.' : first.path === '' ? first.message : `${first.path}: ${first.message}`;
  throw new AppError('invalid-input', text, { issues });
}

/** Turns what a handler threw into what the client is told. */
export class ErrorMapper {
  readonly #options: { readonly log: Log; newErrorId(): string; readonly validateOutput?: boolean };

  constructor(options: { readonly log: Log; newErrorId(): string; readonly validateOutput?: boolean }) {
    this.#options = options;
  }

  /** Expected errors as they are; anything else is logged with an id and becomes `internal` with that id. */
  map(name: string, declared: readonly ErrorCode[] | undefined, error: unknown): AppErrorData {
    if (error instanceof AppError) {
      if (this.#options.validateOutput && !COMMON.includes(error.code) && !declared?.includes(error.code)) {
        this.#options.log.write('error', 'error code is not in the contract', { name, code: error.code });
      }
      return error.toData();
    }
    const errorId = this.#options.newErrorId();
    this.#options.log.write('error', 'unexpected error', { name, errorId, error });
    return { code: 'internal', message: `Something went wrong. Try again; if it stays, quote ${errorId}.`, details: { errorId } };
  }

  /** Throws when output checks are on and `value` is not what the contract says. */
  checkOutput(name: string, schema: z.ZodType, value: unknown): void {
    if (!this.#options.validateOutput) return;
    const result = schema.safeParse(value);
    if (!result.success) throw new Error(`${name} answered outside its contract: ${result.error.message}`);
  }
}
