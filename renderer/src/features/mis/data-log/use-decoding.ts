import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import { messageOf } from '#renderer/app/errors.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import type { InputOf, ItemOf } from '#shared/contract/index.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';

export type DecodingProgress = ItemOf<'decoding.run'>;

export interface Decoding {
  readonly progress: Readonly<ShallowRef<DecodingProgress | undefined>>;
  readonly problem: Readonly<ShallowRef<string | undefined>>;
  readonly running: Readonly<ShallowRef<boolean>>;
  /** Resolves when it has ended: true where it ran to its end. */
  start(input: InputOf<'decoding.run'>): Promise<boolean>;
  stop(): void;
  clear(): void;
}

/** One run of decoding again, a preview or a real one; leaving the page stops it. */
export function useDecoding(rpc: Rpc): Decoding {
  const progress = shallowRef<DecodingProgress>();
  const problem = shallowRef<string>();
  const running = shallowRef(false);
  let stream: Disposable | undefined;
  let ended: ((whole: boolean) => void) | undefined;
  function stop(): void {
    stream?.dispose();
    stream = undefined;
    running.value = false;
    ended?.(false);
    ended = undefined;
  }
  onScopeDispose(stop);
  return {
    progress, problem, running, stop,
    clear() {
      stop();
      progress.value = undefined;
      problem.value = undefined;
    },
    start(input) {
      stop();
      progress.value = undefined;
      problem.value = undefined;
      running.value = true;
      return new Promise((resolve) => {
        ended = resolve;
        const finish = (whole: boolean): void => {
          ended = undefined;
          stop();
          resolve(whole);
        };
        stream = rpc.open('decoding.run', input, {
          onItem(item) {
            progress.value = item;
            if (item.state === 'ready') finish(true);
          },
          onError(error) {
            problem.value = messageOf(error);
            finish(false);
          },
        });
      });
    },
  };
}
