/** What the seal fault and its child agree on. */
export const SEAL_FAULT = { start: Date.UTC(2026, 0, 5), units: 5, rows: 60 } as const;
