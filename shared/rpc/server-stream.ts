import type { Disposable } from '../kernel/disposable.ts';
import type { AccessRule, StreamDefinition } from './definition.ts';
import type { StreamSink } from './handlers.ts';
import { Outbox } from './outbox.ts';

/** What a stream tells its connection. */
export interface StreamWire {
  item(value: unknown, dropped: number): void;
  end(): void;
  fail(error: unknown): void;
  /** Called once, whatever ended the stream. */
  closed(): void;
}

/** One open stream: holds the handler's resource until the client closes, the handler ends or an error occurs. */
export class ServerStream implements Disposable {
  readonly access: AccessRule;
  readonly sink: StreamSink<unknown>;
  readonly #wire: StreamWire;
  readonly #outbox: Outbox<unknown>;
  #resource: Disposable | undefined;
  #closed = false;

  constructor(definition: StreamDefinition, credit: number, wire: StreamWire) {
    this.access = definition.access;
    this.#wire = wire;
    const outbox = new Outbox<unknown>(definition.coalesce, credit, {
      item: (value, dropped) => this.#wire.item(value, dropped),
      end: () => {
        this.#wire.end();
        this.dispose();
      },
    });
    this.#outbox = outbox;
    this.sink = {
      push: (item) => this.#guard(() => outbox.push(item)),
      source: (next) => this.#guard(() => outbox.source(next)),
      ready: () => this.#guard(() => outbox.ready()),
      end: () => this.#guard(() => outbox.end()),
      fail: (error) => this.fail(error),
    };
  }

  /** Starts the handler; its failure ends the stream. */
  async run(start: () => Disposable | Promise<Disposable>): Promise<void> {
    try {
      const resource = await start();
      if (this.#closed) resource.dispose();
      else this.#resource = resource;
    } catch (error) {
      this.fail(error);
    }
  }

  grant(credit: number): void {
    this.#guard(() => this.#outbox.grant(credit));
  }

  fail(error: unknown): void {
    if (this.#closed) return;
    this.#wire.fail(error);
    this.dispose();
  }

  dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#outbox.stop();
    this.#resource?.dispose();
    this.#resource = undefined;
    this.#wire.closed();
  }

  /** An item that cannot be built or sent ends this stream, not its producer. */
  #guard(step: () => void): void {
    if (this.#closed) return;
    try {
      step();
    } catch (error) {
      this.fail(error);
    }
  }
}
