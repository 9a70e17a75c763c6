import { disposable, type Disposable } from './disposable.ts';

/** Typed event source. A listener that throws does not stop the others; its error is handed to `onError`. */
export class Emitter<T> {
  #listeners = new Set<(event: T) => void>();
  #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void = (error) => { throw error; }) {
    this.#onError = onError;
  }

  /** Calls `listener` for every event until disposed. */
  on(listener: (event: T) => void): Disposable {
    this.#listeners.add(listener);
    return disposable(() => this.#listeners.delete(listener));
  }

  emit(event: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  get size(): number {
    return this.#listeners.size;
  }
}
