import { disposable, type Disposable } from '../kernel/disposable.ts';
import type { Message } from './channel.ts';

/**
 * The listening half of a Channel: messages that arrive before anybody listens are kept for the first listener, and a close listener that
 * comes late is told at once.
 */
export class ChannelEvents {
  #listeners = new Set<(message: Message) => void>();
  #closeListeners = new Set<(reason: string) => void>();
  #early: Message[] = [];
  #closedBy: string | undefined;

  get closed(): boolean {
    return this.#closedBy !== undefined;
  }

  onMessage(listener: (message: Message) => void): Disposable {
    this.#listeners.add(listener);
    const early = this.#early;
    this.#early = [];
    for (const message of early) listener(message);
    return disposable(() => this.#listeners.delete(listener));
  }

  onClose(listener: (reason: string) => void): Disposable {
    if (this.#closedBy !== undefined) {
      listener(this.#closedBy);
      return disposable(() => undefined);
    }
    this.#closeListeners.add(listener);
    return disposable(() => this.#closeListeners.delete(listener));
  }

  /** Delivers a message, unless the channel was closed. */
  emit(message: Message): void {
    if (this.closed) return;
    if (this.#listeners.size === 0) this.#early.push(message);
    for (const listener of [...this.#listeners]) listener(message);
  }

  /** Tells the close listeners once; returns whether this was the first time. */
  close(reason: string): boolean {
    if (this.closed) return false;
    this.#closedBy = reason;
    this.#early = [];
    const listeners = [...this.#closeListeners];
    this.#closeListeners.clear();
    this.#listeners.clear();
    for (const listener of listeners) listener(reason);
    return true;
  }
}
