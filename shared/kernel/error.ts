/**
 * Expected errors. A code is what a program reacts to, the message is what a person reads: what happened, and what to
 * do next. Unexpected errors are thrown as they are and reach a client as `internal` with an id to quote.
 */
export const ERROR_CODES = [
  'invalid-input',
  'not-signed-in',
  'second-factor',
  'forbidden',
  'not-found',
  'conflict',
  'not-unique',
  'stale',
  'refused',
  'too-many-attempts',
  'too-large',
  'unavailable',
  'cancelled',
  'version-mismatch',
  'store-newer',
  'store-corrupt',
  'store-full',
  'store-locked',
  'store-unwritable',
  'port-in-use',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface AppErrorData {
  readonly code: ErrorCode;
  readonly message: string;
  /** Facts for the client: field names, retry delay in ms, the record that has the value. JSON only. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** An expected error with a stable code; crosses every transport unchanged. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, details?: Readonly<Record<string, unknown>>, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }

  /** Plain data for the wire. */
  toData(): AppErrorData {
    return this.details === undefined ? { code: this.code, message: this.message } : { code: this.code, message: this.message, details: this.details };
  }

  /** The error as it was on the other side; an unknown code becomes `internal`. */
  static fromData(data: AppErrorData): AppError {
    const code = (ERROR_CODES as readonly string[]).includes(data.code) ? data.code : 'internal';
    return new AppError(code, data.message, data.details);
  }
}
