import { disposable, type Disposable } from '../kernel/disposable.ts';
import { AppError } from '../kernel/error.ts';
import { assertNever } from '../kernel/assert-never.ts';
import type { Channel, Message } from './channel.ts';
import type { Contract, Definition, ProcedureDefinition, StreamDefinition } from './definition.ts';
import type { DispatcherOptions, Limits } from './dispatcher.ts';
import type { CallContext, Connection, Handlers, ProcedureHandler, StreamHandler } from './handlers.ts';
import { ErrorMapper, parseInput } from './server-errors.ts';
import { ServerStream } from './server-stream.ts';
import { PROTOCOL_VERSION, parseClientMessage, type ClientMessage, type ServerMessage } from './protocol.ts';

type Options<C extends Contract, P> = Omit<DispatcherOptions<C, P, Handlers<C, P>>, 'limits'> & { readonly limits: Limits };
type AnyProcedure<P> = ProcedureHandler<unknown, unknown, P>;
type AnyStream<P> = StreamHandler<unknown, unknown, P>;

/** A call that runs; `cancel` tells its handler that nobody waits any more. */
class RunningCall {
  requested = false;
  #listeners = new Set<() => void>();

  onCancel(listener: () => void): Disposable {
    if (this.requested) listener();
    else this.#listeners.add(listener);
    return disposable(() => this.#listeners.delete(listener));
  }

  cancel(): void {
    if (this.requested) return;
    this.requested = true;
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
  }
}

/** The server's side of one client: its identity, running calls and open streams. */
export class ServerConnection<C extends Contract, P> implements Connection<P>, Disposable {
  readonly address: string;
  readonly #options: Options<C, P>;
  readonly #channel: Channel;
  readonly #errors: ErrorMapper;
  readonly #calls = new Map<number, RunningCall>();
  readonly #streams = new Map<number, ServerStream>();
  readonly #closeListeners = new Set<() => void>();
  #principal: P | undefined;
  #sessionId: string | undefined;
  #greeted = false;
  #closed = false;
  #protocolErrors = 0;

  constructor(options: Options<C, P>, channel: Channel, address: string) {
    this.#options = options;
    this.#channel = channel;
    this.address = address;
    this.#errors = new ErrorMapper(options);
    channel.onClose(() => this.#release());
    channel.onMessage((message) => this.#receive(message));
  }

  get principal(): P | undefined {
    return this.#principal;
  }

  get sessionId(): string | undefined {
    return this.#sessionId;
  }

  bindPrincipal(principal: P, sessionId: string): void {
    this.clearPrincipal();
    if (this.#closed) return;
    this.#principal = principal;
    this.#sessionId = sessionId;
  }

  clearPrincipal(): void {
    this.#principal = undefined;
    this.#sessionId = undefined;
    for (const stream of [...this.#streams.values()]) {
      if (stream.access !== 'public') stream.fail(new AppError('not-signed-in', 'The session has ended. Sign in again.'));
    }
  }

  onClose(listener: () => void): Disposable {
    if (this.#closed) listener();
    else this.#closeListeners.add(listener);
    return disposable(() => this.#closeListeners.delete(listener));
  }

  dispose(): void {
    this.#channel.close('the console is closing this connection');
    this.#release();
  }

  #release(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const call of this.#calls.values()) call.cancel();
    for (const stream of [...this.#streams.values()]) stream.dispose();
    this.#calls.clear();
    this.#principal = undefined;
    this.#sessionId = undefined;
    for (const listener of [...this.#closeListeners]) listener();
    this.#closeListeners.clear();
  }

  #receive(raw: Message): void {
    if (this.#closed) return;
    const message = parseClientMessage(raw);
    if (message === undefined) return this.#protocolError('a message that is not understood');
    if (!this.#greeted && message.t !== 'hello') return this.#refuse(new AppError('version-mismatch', 'The client did not introduce itself. Reload the window.'));
    switch (message.t) {
      case 'hello': return this.#greet(message);
      case 'call': return void this.#call(message);
      case 'cancel': return this.#cancel(message.id);
      case 'open': return void this.#open(message);
      case 'credit': return this.#streams.get(message.id)?.grant(message.add);
      case 'close': return this.#streams.get(message.id)?.dispose();
      default: assertNever(message);
    }
  }

  #greet(message: ClientMessage & { t: 'hello' }): void {
    if (this.#greeted) return this.#protocolError('a second hello');
    const own = this.#options.identity;
    const theirs = message.contract;
    const fits = message.protocol === PROTOCOL_VERSION && (own === undefined || theirs === undefined || (own.version === theirs.version && own.hash === theirs.hash));
    if (!fits) {
      const details = { protocol: PROTOCOL_VERSION, contract: own?.version, clientProtocol: message.protocol, clientContract: theirs?.version };
      return this.#refuse(new AppError('version-mismatch', 'This window belongs to another version of the console. Reload it, or restart the console.', details));
    }
    this.#greeted = true;
    this.#send({ t: 'welcome', protocol: PROTOCOL_VERSION, contract: own });
  }

  async #call(message: ClientMessage & { t: 'call' }): Promise<void> {
    const { id, name } = message;
    if (this.#isUsed(id)) return this.#protocolError('an id used twice');
    const call = new RunningCall();
    try {
      if (this.#calls.size >= this.#options.limits.calls) throw new AppError('unavailable', 'Too many requests at once. Try again in a moment.');
      const definition = this.#definition(name, 'procedure') as ProcedureDefinition;
      const input = this.#admit(definition, message.input);
      this.#calls.set(id, call);
      const handler = this.#options.handlers[name] as AnyProcedure<P>;
      const value = await handler(input, this.#context(call));
      if (call.requested) return;
      this.#errors.checkOutput(name, definition.output, value);
      this.#send({ t: 'result', id, value });
    } catch (error) {
      if (!call.requested) this.#sendError(id, name, error);
    } finally {
      if (this.#calls.get(id) === call) this.#calls.delete(id);
    }
  }

  #cancel(id: number): void {
    this.#calls.get(id)?.cancel();
    this.#calls.delete(id);
  }

  async #open(message: ClientMessage & { t: 'open' }): Promise<void> {
    const { id, name } = message;
    if (this.#isUsed(id)) return this.#protocolError('an id used twice');
    try {
      if (this.#streams.size >= this.#options.limits.streams) throw new AppError('unavailable', 'Too many live views at once. Close one and try again.');
      const definition = this.#definition(name, 'stream') as StreamDefinition;
      const input = this.#admit(definition, message.input);
      const call = new RunningCall();
      const stream = new ServerStream(definition, message.credit, {
        item: (value, dropped) => {
          this.#errors.checkOutput(name, definition.item, value);
          this.#send(dropped === 0 ? { t: 'item', id, value } : { t: 'item', id, value, dropped });
        },
        end: () => this.#send({ t: 'end', id }),
        fail: (error) => this.#sendError(id, name, error),
        closed: () => {
          this.#streams.delete(id);
          call.cancel();
        },
      });
      this.#streams.set(id, stream);
      const handler = this.#options.handlers[name] as AnyStream<P>;
      await stream.run(() => handler(input, this.#context(call), stream.sink));
    } catch (error) {
      this.#sendError(id, name, error);
    }
  }

  #isUsed(id: number): boolean {
    return this.#calls.has(id) || this.#streams.has(id);
  }

  #definition(name: string, kind: Definition['kind']): Definition {
    const definition = Object.hasOwn(this.#options.contract, name) ? this.#options.contract[name] : undefined;
    if (definition?.kind !== kind) throw new AppError('invalid-input', `The console knows no ${kind} ${JSON.stringify(name.slice(0, 100))}.`);
    return definition;
  }

  /** Parses, then authorises. */
  #admit(definition: Definition, raw: unknown): unknown {
    const input = parseInput(definition.input, raw);
    const refusal = this.#options.authorise(definition.access, this.#principal);
    if (refusal !== undefined) throw refusal;
    return input;
  }

  #context(call: RunningCall): CallContext<P> {
    return { principal: this.#principal, connection: this, cancelled: call };
  }

  #send(message: ServerMessage): void {
    if (!this.#closed) this.#channel.send(message);
  }

  #sendError(id: number, name: string, error: unknown): void {
    if (this.#closed) return;
    const declared = Object.hasOwn(this.#options.contract, name) ? this.#options.contract[name]?.errors : undefined;
    const data = this.#errors.map(name, declared, error);
    try {
      this.#send({ t: 'error', id, error: data });
    } catch (cause) {
      this.#options.log.write('error', 'error details do not travel', { name, code: data.code, error: cause });
      this.#send({ t: 'error', id, error: { code: data.code, message: data.message } });
    }
  }

  #protocolError(what: string): void {
    this.#protocolErrors++;
    this.#options.log.write('warn', 'protocol error', { what, address: this.address, count: this.#protocolErrors });
    if (this.#protocolErrors >= this.#options.limits.protocolErrors) this.#refuse(new AppError('invalid-input', 'The connection was closed: too many messages could not be understood.'));
  }

  #refuse(error: AppError): void {
    this.#send({ t: 'refused', error: error.toData() });
    this.#channel.close(error.message);
    this.#release();
  }
}
