import type { Disposable } from '../kernel/disposable.ts';

/** A typed array that travels as bytes. */
export type Binary = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/**
 * One message of the RPC protocol: plain JSON data in which typed arrays may occur anywhere; `undefined` members are absent
 * on the other side. Dates, maps, functions and class instances do not travel.
 */
export type Message = Readonly<Record<string, unknown>>;

/** A duplex, ordered, reliable pipe of messages. Every transport (MessagePort, WebSocket, in-memory) is one of these. */
export interface Channel {
  send(message: Message): void;
  /** Bytes that were handed over and not yet taken by the transport; 0 where the transport does not tell. */
  readonly buffered: number;
  onMessage(listener: (message: Message) => void): Disposable;
  /** Called once when the other side is gone or the channel was closed. */
  onClose(listener: (reason: string) => void): Disposable;
  close(reason?: string): void;
}
