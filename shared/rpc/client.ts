import type { Disposable } from '../kernel/disposable.ts';
import { disposable } from '../kernel/disposable.ts';
import { AppError, type AppErrorData } from '../kernel/error.ts';
import type { Channel, Message } from './channel.ts';
import type { Contract } from './definition.ts';
import { PROTOCOL_VERSION, parseServerMessage, type ClientMessage, type ContractIdentity, type ServerMessage } from './protocol.ts';
import type { InputOf, ItemOf, OutputOf, ProcedureKey, StreamKey } from './types.ts';

/** The part of an AbortSignal that a call needs. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface CallOptions {
  /** Cancels the call: it rejects with `cancelled` at once, and the handler is told. */
  readonly signal?: AbortSignalLike;
}

export interface StreamListener<T> {
  /**
   * Takes one item; `dropped` items of a queueing stream were left out before it. The next credit is granted when the returned promise, if
   * any, is fulfilled. An error thrown here ends the stream and goes to onError.
   */
  onItem(item: T, info: { readonly dropped: number }): void | Promise<void>;
  /** The stream ended with an error; `unavailable` when the connection is gone, `not-signed-in` when the session ended. */
  onError(error: unknown): void;
  /** The stream ended by itself. */
  onEnd?(): void;
}

export interface OpenOptions {
  /** Items that may be under way at a time; 2 keeps the pipe busy and the picture fresh. */
  readonly credit?: number;
}

/** Calls procedures and opens streams of a contract. */
export interface Client<C extends Contract> {
  readonly contract: C;
  /** Resolves with the output; rejects with an AppError. */
  call<K extends ProcedureKey<C>>(name: K, input: InputOf<C, K>, options?: CallOptions): Promise<OutputOf<C, K>>;
  /** Opens a stream; disposing closes it, after which no listener is called. */
  open<K extends StreamKey<C>>(name: K, input: InputOf<C, K>, listener: StreamListener<ItemOf<C, K>>, options?: OpenOptions): Disposable;
}

/** A client bound to one channel; when that closes, everything open fails with `unavailable` (or with what the server refused it for). */
export interface ChannelClient<C extends Contract> extends Client<C> {
  /** Called once when the connection is over. */
  onClose(listener: (error: AppError) => void): Disposable;
  /** Fulfilled when the server has accepted this client; rejects when it refused it or the channel closed before. */
  readonly welcomed: Promise<void>;
  close(): void;
}

interface PendingCall {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

const DEFAULT_CREDIT = 2;

class ClientConnection {
  readonly contract: Contract;
  readonly #channel: Channel;
  readonly #calls = new Map<number, PendingCall>();
  readonly #streams = new Map<number, StreamListener<unknown>>();
  readonly #closeListeners = new Set<(error: AppError) => void>();
  #lastId = 0;
  #closedBy: AppError | undefined;
  #refusal: AppError | undefined;
  #welcome: PendingCall | undefined;
  readonly welcomed: Promise<void>;

  constructor(contract: Contract, channel: Channel, identity: ContractIdentity | undefined) {
    this.contract = contract;
    this.#channel = channel;
    this.welcomed = new Promise<unknown>((resolve, reject) => (this.#welcome = { resolve, reject })).then(() => undefined);
    // Whoever does not ask is told by the calls that fail.
    this.welcomed.catch(() => undefined);
    channel.onClose((reason) => this.#fail(this.#refusal ?? new AppError('unavailable', 'The connection to the console is lost.', { reason })));
    channel.onMessage((message) => this.#receive(message));
    this.#send({ t: 'hello', protocol: PROTOCOL_VERSION, contract: identity });
  }

  call(name: string, input: unknown, options?: CallOptions): Promise<unknown> {
    const signal = options?.signal;
    return new Promise<unknown>((resolve, reject) => {
      if (this.#closedBy !== undefined) return reject(this.#closedBy);
      if (signal?.aborted) return reject(new AppError('cancelled', 'The request was cancelled.'));
      const id = ++this.#lastId;
      const abort = () => {
        this.#calls.delete(id);
        this.#send({ t: 'cancel', id });
        reject(new AppError('cancelled', 'The request was cancelled.'));
      };
      const settle = <T>(next: (value: T) => void) => (value: T) => {
        signal?.removeEventListener('abort', abort);
        next(value);
      };
      this.#send({ t: 'call', id, name, input });
      this.#calls.set(id, { resolve: settle(resolve), reject: settle(reject) });
      signal?.addEventListener('abort', abort);
    });
  }

  open(name: string, input: unknown, listener: StreamListener<unknown>, options?: OpenOptions): Disposable {
    if (this.#closedBy !== undefined) {
      const error = this.#closedBy;
      let live = true;
      void Promise.resolve().then(() => live && listener.onError(error));
      return disposable(() => (live = false));
    }
    const id = ++this.#lastId;
    this.#send({ t: 'open', id, name, input, credit: options?.credit ?? DEFAULT_CREDIT });
    this.#streams.set(id, listener);
    return disposable(() => this.#closeStream(id));
  }

  onClose(listener: (error: AppError) => void): Disposable {
    if (this.#closedBy !== undefined) listener(this.#closedBy);
    else this.#closeListeners.add(listener);
    return disposable(() => this.#closeListeners.delete(listener));
  }

  close(): void {
    this.#channel.close('the client is done');
    this.#fail(new AppError('unavailable', 'The connection to the console was closed.'));
  }

  #send(message: ClientMessage): void {
    this.#channel.send(message);
  }

  #closeStream(id: number): void {
    if (this.#streams.delete(id)) this.#send({ t: 'close', id });
  }

  #receive(raw: Message): void {
    const message = parseServerMessage(raw);
    if (message === undefined) return;
    switch (message.t) {
      case 'welcome': return this.#welcome?.resolve(undefined);
      case 'refused': return void (this.#refusal = AppError.fromData(message.error));
      case 'result': return this.#takeCall(message.id)?.resolve(message.value);
      case 'error': return this.#receiveError(message.id, message.error);
      case 'item': return void this.#receiveItem(message);
      case 'end': return this.#takeStream(message.id)?.onEnd?.();
    }
  }

  #receiveError(id: number, data: AppErrorData): void {
    const error = AppError.fromData(data);
    this.#takeCall(id)?.reject(error);
    this.#takeStream(id)?.onError(error);
  }

  async #receiveItem({ id, value, dropped }: ServerMessage & { t: 'item' }): Promise<void> {
    const listener = this.#streams.get(id);
    if (listener === undefined) return;
    try {
      await listener.onItem(value, { dropped: dropped ?? 0 });
      if (this.#streams.has(id)) this.#send({ t: 'credit', id, add: 1 });
    } catch (error) {
      this.#closeStream(id);
      listener.onError(error);
    }
  }

  #takeCall(id: number): PendingCall | undefined {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    return call;
  }

  #takeStream(id: number): StreamListener<unknown> | undefined {
    const stream = this.#streams.get(id);
    this.#streams.delete(id);
    return stream;
  }

  #fail(error: AppError): void {
    if (this.#closedBy !== undefined) return;
    this.#closedBy = error;
    this.#welcome?.reject(error);
    const calls = [...this.#calls.values()];
    const streams = [...this.#streams.values()];
    const listeners = [...this.#closeListeners];
    this.#calls.clear();
    this.#streams.clear();
    this.#closeListeners.clear();
    for (const call of calls) call.reject(error);
    for (const stream of streams) stream.onError(error);
    for (const listener of listeners) listener(error);
  }
}

/**
 * A typed client over a channel. `identity` names the contract this side was built with: a server that has another refuses the connection with
 * `version-mismatch`. Outputs are trusted, not parsed: the server is the authority.
 */
export function createClient<C extends Contract>(contract: C, channel: Channel, identity?: ContractIdentity): ChannelClient<C> {
  return new ClientConnection(contract, channel, identity) as unknown as ChannelClient<C>;
}
