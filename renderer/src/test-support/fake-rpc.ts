import type { InputOf, ItemOf, OutputOf, ProcedureName, StreamName } from '#shared/contract/index.ts';
import { disposable } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Rpc, StreamHandlers } from '#renderer/app/rpc/rpc.ts';

type Answers = { [K in ProcedureName]?: (input: InputOf<K>) => OutputOf<K> | Promise<OutputOf<K>> };

export interface FakeRpc extends Rpc {
  /** Every call so far: name and input. */
  readonly calls: { readonly name: ProcedureName; readonly input: unknown }[];
  /** Names of the streams that are open now. */
  readonly openStreams: string[];
  /** Sends an item to every open stream of this name. */
  push<K extends StreamName>(name: K, item: ItemOf<K>): void;
  /** Changes or adds answers. */
  answer(answers: Answers): void;
}

/** A core that answers from functions; what it has no answer for is `unavailable`. */
export function createFakeRpc(answers: Answers = {}): FakeRpc {
  const known = { ...answers };
  const calls: FakeRpc['calls'] = [];
  const open = new Map<object, { name: string; handlers: StreamHandlers<never> }>();
  return {
    calls,
    get openStreams() {
      return [...open.values()].map((stream) => stream.name);
    },
    async call(name, input) {
      calls.push({ name, input });
      const answer = known[name];
      if (!answer) throw new AppError('unavailable', `${name} has no answer`);
      return (await (answer as (input: InputOf<typeof name>) => unknown)(input)) as OutputOf<typeof name>;
    },
    open(name, _input, handlers) {
      const token = {};
      open.set(token, { name, handlers: handlers as unknown as StreamHandlers<never> });
      return disposable(() => open.delete(token));
    },
    push(name, item) {
      for (const stream of open.values()) if (stream.name === name) void stream.handlers.onItem(item as never);
    },
    answer: (more) => void Object.assign(known, more),
  };
}
