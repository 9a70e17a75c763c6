import type { InputOf, ItemOf, OutputOf, ProcedureName, StreamName } from '#shared/contract/index.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import type { AppError } from '#shared/kernel/error.ts';

export interface StreamHandlers<T> {
  /** Takes one item; the core sends the next only when the returned promise, if any, is fulfilled. */
  onItem(item: T): void | Promise<void>;
  /** The stream cannot be had or went wrong; it is over. */
  onError?(error: unknown): void;
  /** The other side has nothing more to say. */
  onEnd?(): void;
}

/** What the renderer may ask of the core, over connections that come and go. */
export interface Rpc {
  call<K extends ProcedureName>(name: K, input: InputOf<K>): Promise<OutputOf<K>>;
  open<K extends StreamName>(name: K, input: InputOf<K>, handlers: StreamHandlers<ItemOf<K>>): Disposable;
}

/** What is bound to one channel: shared/rpc's client. */
export interface ChannelRpc {
  call<K extends ProcedureName>(name: K, input: InputOf<K>): Promise<OutputOf<K>>;
  open<K extends StreamName>(name: K, input: InputOf<K>, handlers: StreamHandlers<ItemOf<K>> & { onError(error: unknown): void }): Disposable;
  /** Called once when the connection is over: with what the core refused it for, else with `unavailable`. */
  onClose(listener: (error: AppError) => void): Disposable;
}
