/** Bounds of the embedded broker. What exceeds one is refused and counted. */
export const BROKER_LIMITS = {
  /** Largest packet of a signed-in client, bytes: a 256 kB payload with its topic. */
  packetBytes: 272 * 1024,
  /** Largest packet before the sign-in: CONNECT with a Last Will. */
  connectBytes: 16 * 1024,
  /** Connections at once. */
  connections: 20_000,
  /** Device IDs known since the start; what is kept per device (retained messages, sessions) is bounded by it. */
  devices: 100_000,
  /** Time for the sign-in, ms. */
  connectTimeout: 10_000,
  /** A client that takes nothing for so long is closed, ms. */
  drainTimeout: 30_000,
  /** Packets a client may send before its CONNACK. */
  earlyPackets: 200,
  /** Messages kept for a unit that is away; beyond it the new ones are dropped. */
  offlineMessages: 100,
  /** Bytes handed over and not committed; above it also QoS 0 waits for the commit, so that TCP slows the senders down. */
  pendingBytes: 32 * 1024 * 1024,
  /** A hand-over to the core carries at most so many messages and bytes. */
  batchMessages: 512,
  batchBytes: 512 * 1024,
} as const;
