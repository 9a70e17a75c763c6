import type { RejectReason } from '#shared/domain/telemetry/envelope/index.ts';
import type { Emitter } from '#shared/kernel/emitter.ts';

export interface ReceiverState {
  readonly state: 'connected' | 'connecting' | 'offline';
  /** Epoch ms of the last change of `state`. */
  readonly since: number;
  /** Host and port, never credentials. */
  readonly address: string;
  /** Why it is not connected, or what is wrong although it is; for people. */
  readonly reason?: string;
}

/** Why a receiver does not hand a message on. */
export type SkipReason = Extract<RejectReason, 'too-large' | 'qos-2'>;

/** Who takes in what a receiver receives. Called on the core's thread, once per message: no objects, no promises. */
export interface ReceiverSink {
  /**
   * One message. `payload` is only valid during the call; `receivedAt` epoch ms; `delivery` bits of DELIVERY. A `token` above 0 is
   * handed back to `acknowledge` when the message is committed (or will never be: rejected, seen before).
   */
  message(topic: string, payload: Uint8Array, receivedAt: number, delivery: number, token: number): void;
  /**
   * A message that is not handed on, because of its size or its QoS; `length` of its packet, bytes. A `token` above 0 is handed back to
   * `acknowledge` as for any other.
   */
  skipped(topic: string, reason: SkipReason, length: number, receivedAt: number, token: number): void;
  /** What was at hand has been delivered: a good moment to pass it on. */
  settled(): void;
}

export interface PublishOptions {
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

/**
 * The way in from a broker. Connects, keeps connected, subscribes; a QoS 1 message is acknowledged when `acknowledge` is called and not
 * before, and what was not acknowledged comes again after a reconnection. Every adapter passes receiver-contract.ts.
 */
export interface Receiver {
  readonly kind: 'embedded' | 'external';
  readonly state: ReceiverState;
  readonly onState: Emitter<ReceiverState>;
  /** Begins; connection problems are states, not errors. Throws AppError where it can never work (a port that is taken). */
  start(sink: ReceiverSink): Promise<void>;
  /** Acknowledges the first `count` tokens. Those of a connection that is gone are passed over. */
  acknowledge(tokens: ArrayLike<number>, count: number): void;
  /** Stops reading, so that the broker keeps what comes; `resume` goes on. */
  pause(): void;
  resume(): void;
  /** Resolves when the broker has taken it. Throws AppError unavailable while there is no connection. */
  publish(topic: string, payload: Uint8Array, options: PublishOptions): Promise<void>;
  stop(): Promise<void>;
}
