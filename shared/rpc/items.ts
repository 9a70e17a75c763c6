import type { Client } from './client.ts';
import type { Contract } from './definition.ts';
import type { InputOf, ItemOf, StreamKey } from './types.ts';

/** Iterates a stream: one credit at a time, granted when the loop asks for the next item; leaving the loop closes the stream; its error is thrown. */
export async function* items<C extends Contract, K extends StreamKey<C>>(client: Client<C>, name: K, input: InputOf<C, K>): AsyncGenerator<ItemOf<C, K>, void> {
  const waiting: ItemOf<C, K>[] = [];
  let wake: () => void = () => undefined;
  let taken: () => void = () => undefined;
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  const stream = client.open(
    name,
    input,
    {
      onItem(item) {
        waiting.push(item);
        wake();
        return new Promise<void>((resolve) => (taken = resolve));
      },
      onError(error) {
        failure = { error };
        wake();
      },
      onEnd() {
        ended = true;
        wake();
      },
    },
    { credit: 1 },
  );
  try {
    for (;;) {
      const item = waiting.shift();
      if (item !== undefined) {
        yield item;
        taken();
      } else if (failure !== undefined) throw failure.error;
      else if (ended) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    stream.dispose();
  }
}
