/** Bounds on what a DBC file may hold; what exceeds them is reported and left out. */
export interface DbcLimits {
  /** Bytes, or characters of a string. */
  readonly size: number;
  readonly messages: number;
  readonly signals: number;
  readonly signalsPerMessage: number;
  /** Payload bytes of one message; 4,095 is the longest ISO-TP payload with a 12-bit length. */
  readonly messageLength: number;
  /** Findings listed of each severity. */
  readonly diagnostics: number;
}

/** Far above the largest vehicle databases (some 10 MB, 2,000 messages, 30,000 signals). */
export const DBC_LIMITS: DbcLimits = { size: 32 * 1024 * 1024, messages: 20_000, signals: 200_000, signalsPerMessage: 4_096, messageLength: 4_095, diagnostics: 500 };
