import { readonly, ref, shallowReadonly, shallowRef, type Ref } from 'vue';
import type { InputOf, ItemOf, OutputOf, ProcedureName, StreamName } from '#shared/contract/index.ts';
import { disposable, type Disposable } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';
import type { Channel } from '#shared/rpc/channel.ts';
import { t } from '../messages/en.ts';
import type { ChannelRpc, Rpc, StreamHandlers } from './rpc.ts';

export type ConnectionState = 'connecting' | 'live' | 'reconnecting';

export interface Connection extends Rpc, Disposable {
  readonly state: Readonly<Ref<ConnectionState>>;
  /** When `state` was entered, epoch ms. */
  readonly since: Readonly<Ref<number>>;
  /** Why the last attempt failed; undefined while connected. */
  readonly failure: Readonly<Ref<AppError | undefined>>;
  start(): void;
  /** Tries again now instead of waiting for the next attempt. */
  retry(): void;
  /** Drops the channel and connects anew, as after another workspace was opened. */
  reconnect(): void;
}

export interface ConnectionOptions {
  connect(): Promise<Channel>;
  createClient(channel: Channel): ChannelRpc;
  /** Runs on every new channel before anything else may use it: who are you, and who am I. */
  prepare(client: ChannelRpc): Promise<void>;
  /** A call was refused because nobody is signed in any more. */
  onSignedOut(): void;
  /** A call asks for the second factor again: resolves with whether it was shown, and the call is to be repeated. */
  onStepUp?(): Promise<boolean>;
  /** The core is of another version than this page, which cannot work with it and makes no further attempt by itself. */
  onOutdated(): void;
  clock: Clock;
  scheduler: Scheduler;
}

/** A host on the same machine is back within a second or two; a browser's network may take longer. */
const DELAYS = [250, 500, 1000, 1000, 2000, 2000, 3000];
/** A call made while there is no connection waits this long before it fails. */
const CALL_WAIT = 5000;

interface Subscription {
  readonly start: (client: ChannelRpc) => Disposable;
  open: Disposable | undefined;
}

function unavailable(details?: Readonly<Record<string, unknown>>): AppError {
  return new AppError('unavailable', t('connection.unavailable'), details);
}

function asksForProof(error: unknown): boolean {
  return error instanceof AppError && error.code === 'second-factor' && error.details?.['stepUp'] === true;
}

/** A connection to the core that comes back by itself: calls wait a moment for it, streams are opened again. */
export function createConnection(options: ConnectionOptions): Connection {
  const state = ref<ConnectionState>('connecting');
  const since = ref(options.clock.now());
  const failure = shallowRef<AppError>();
  const subscriptions = new Set<Subscription>();
  const waiting = new Set<(client: ChannelRpc | undefined) => void>();
  let client: ChannelRpc | undefined;
  let channel: Channel | undefined;
  let attempt = 0;
  let generation = 0;
  let timer: Disposable | undefined;
  let disposed = false;

  const enter = (next: ConnectionState): void => {
    if (state.value === next) return;
    state.value = next;
    since.value = options.clock.now();
  };

  const lost = (why: AppError): void => {
    client = undefined;
    channel = undefined;
    failure.value = why;
    for (const subscription of subscriptions) {
      subscription.open?.dispose();
      subscription.open = undefined;
    }
    if (disposed) return;
    if (state.value === 'live') enter('reconnecting');
    // Another attempt of this page would be refused as well.
    if (why.code === 'version-mismatch') return options.onOutdated();
    timer = options.scheduler.after(DELAYS[Math.min(attempt, DELAYS.length - 1)] ?? 3000, () => void connect());
    attempt += 1;
  };

  const connect = async (): Promise<void> => {
    timer?.dispose();
    const mine = ++generation;
    try {
      const opened = await options.connect();
      if (mine !== generation || disposed) return opened.close('superseded');
      channel = opened;
      // Before the client hears of it and ends its streams: those of a lost channel start again with the next one.
      opened.onClose(() => {
        if (mine === generation) client = undefined;
      });
      const made = options.createClient(opened);
      made.onClose((why) => {
        if (mine !== generation) return;
        generation += 1;
        lost(why.code === 'unavailable' ? unavailable(why.details) : why);
      });
      await options.prepare(made);
      if (mine !== generation || disposed) return;
      client = made;
      attempt = 0;
      failure.value = undefined;
      enter('live');
      for (const resolve of [...waiting]) resolve(made);
      for (const subscription of subscriptions) subscription.open ??= subscription.start(made);
    } catch (error) {
      if (mine !== generation) return;
      generation += 1;
      channel?.close('not usable');
      lost(error instanceof AppError ? error : unavailable({ reason: String(error) }));
    }
  };

  const ready = (): Promise<ChannelRpc> =>
    new Promise((resolve, reject) => {
      const settle = (found: ChannelRpc | undefined): void => {
        waiting.delete(settle);
        limit.dispose();
        if (found) resolve(found);
        else reject(unavailable());
      };
      const limit = options.scheduler.after(CALL_WAIT, () => settle(undefined));
      waiting.add(settle);
    });

  const noticeSignOut = (error: unknown): void => {
    if (error instanceof AppError && error.code === 'not-signed-in') options.onSignedOut();
  };

  return {
    state: readonly(state),
    since: readonly(since),
    failure: shallowReadonly(failure),
    start: () => void connect(),
    retry: () => void (state.value === 'live' ? undefined : connect()),
    reconnect() {
      generation += 1;
      channel?.close('reconnect');
      attempt = 0;
      lost(unavailable());
      void connect();
    },
    async call<K extends ProcedureName>(name: K, input: InputOf<K>): Promise<OutputOf<K>> {
      const ask = async (): Promise<OutputOf<K>> => (client ?? (await ready())).call(name, input);
      try {
        return await ask();
      } catch (error) {
        if (asksForProof(error) && (await options.onStepUp?.()) === true) return ask();
        // A wrong password is answered with the same code and ends nothing.
        if (!name.startsWith('auth.')) noticeSignOut(error);
        throw error;
      }
    },
    open<K extends StreamName>(name: K, input: InputOf<K>, handlers: StreamHandlers<ItemOf<K>>): Disposable {
      const finish = (): void => void subscriptions.delete(subscription);
      const subscription: Subscription = {
        open: undefined,
        start: (current) =>
          current.open(name, input, {
            onItem: (item) => handlers.onItem(item),
            onError(error) {
              // The channel is gone: the stream starts again with the next one.
              if (client !== current) return;
              finish();
              noticeSignOut(error);
              handlers.onError?.(error);
            },
            onEnd() {
              if (client !== current) return;
              finish();
              handlers.onEnd?.();
            },
          }),
      };
      subscriptions.add(subscription);
      if (client) subscription.open = subscription.start(client);
      return disposable(() => {
        finish();
        subscription.open?.dispose();
      });
    },
    dispose() {
      disposed = true;
      generation += 1;
      timer?.dispose();
      channel?.close('disposed');
      for (const settle of [...waiting]) settle(undefined);
    },
  };
}
