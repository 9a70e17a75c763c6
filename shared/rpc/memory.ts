import type { Channel, Message } from './channel.ts';
import { ChannelEvents } from './channel-events.ts';
import { decodeFrame, encodeFrame, type Frame } from './frame.ts';

class MemoryChannel implements Channel {
  readonly #events = new ChannelEvents();
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();
  other: MemoryChannel | undefined;

  get buffered(): number {
    return this.#waiting;
  }

  send(message: Message): void {
    if (this.#events.closed) return;
    const frame = encodeFrame(message);
    this.#waiting += frame.length;
    this.#later(() => {
      this.#waiting -= frame.length;
      this.other?.receive(frame);
    });
  }

  onMessage(listener: (message: Message) => void) {
    return this.#events.onMessage(listener);
  }

  onClose(listener: (reason: string) => void) {
    return this.#events.onClose(listener);
  }

  close(reason = 'closed'): void {
    if (this.#events.close(reason)) this.#later(() => this.other?.closedByOther(reason));
  }

  receive(frame: Frame): void {
    this.#events.emit(decodeFrame(frame));
  }

  closedByOther(reason: string): void {
    this.#events.close(reason);
  }

  /** Runs after everything that was sent before, never within the sender's own turn. */
  #later(run: () => void): void {
    this.#last = this.#last.then(run);
  }
}

/** Two ends of a pipe inside one process. Messages are encoded and decoded as on a WebSocket, so neither side sees the other's objects. */
export function memoryChannelPair(): [Channel, Channel] {
  const left = new MemoryChannel();
  const right = new MemoryChannel();
  left.other = right;
  right.other = left;
  return [left, right];
}
