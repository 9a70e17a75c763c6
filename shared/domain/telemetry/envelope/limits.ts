/** Bounds that are checked before anything is parsed. */
export const LIMITS = {
  /** Longest topic, bytes of UTF-8. */
  topicLength: 256,
  /** Longest payload, bytes. */
  payloadBytes: 262_144,
  /** Longest body of a deflated batch once inflated, bytes. */
  inflatedBytes: 1_048_576,
  /** Frames of a batch. */
  frames: 65_535,
  /** Values of a `sig` message. */
  values: 4_096,
  /** Nesting of JSON. */
  jsonDepth: 8,
  /** Characters of a text value or name. */
  textLength: 128,
  /** Codes of a `dtc` message, buses of a `meta` or `stat` message. */
  codes: 256,
  buses: 16,
  /** Bytes kept of a payload that could not be read. */
  sampleBytes: 256,
} as const;
