/** Facts about one message that do not change what it says, as bits. They are stored with the record. */
export const QUALITY = {
  /** Sent late from the unit's buffer. */
  buffered: 1,
  /** The unit's stamp was too far off, or absent; event time is the time of reception. */
  clockWrong: 2,
  /** Event time was rebuilt from uptime or from the unit's known skew: good for history, not used for live values. */
  rebuilt: 4,
  /** No time can be believed: event time is the time of reception, the values are kept and never shown as current. */
  quarantined: 8,
  /** The stamp was 1024 weeks too old (GPS week rollover), and put right. */
  rollover: 16,
  /** Seen before; holds no values. */
  duplicate: 32,
  /** A position without a good fix (satellites, HDOP), or 0/0, was left out. */
  fixRejected: 64,
  /** Rows or frames of nothing but zeros were left out. */
  zeroRow: 128,
  /** The broker's retained copy: says what was, not that the unit communicates. */
  retained: 256,
  /** Waited at the broker for this console: the time of reception is no measure of the unit's clock. */
  queued: 512,
  /** Too old to tell from memory whether it is a duplicate: the store decides. */
  unsure: 1024,
} as const;

/** How a message reached the receiver, as bits: the receiver knows, the payload does not say. */
export const DELIVERY = {
  /** The retain flag of the PUBLISH packet. */
  retained: 1,
  /** Part of a backlog the broker kept while this console was away. */
  queued: 2,
  /** Read again from the store: neither deduplicated nor counted. */
  replay: 4,
} as const;
