import { onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import type { OutputOf } from '#shared/contract/index.ts';
import { messageOf } from '../errors.ts';
import type { Rpc } from '../rpc/rpc.ts';

export type Hit = OutputOf<'search.global'>['hits'][number];

/** Long enough that typing a VIN is one or two questions, short enough to feel immediate. */
const SETTLE = 120;

/** The hits of `search.global` for what is typed; an answer to an older text is dropped. */
export function useGlobalSearch(rpc: Rpc, text: Readonly<Ref<string>>): { hits: Readonly<Ref<readonly Hit[]>>; busy: Readonly<Ref<boolean>>; failure: Readonly<Ref<string | undefined>> } {
  const hits = shallowRef<readonly Hit[]>([]);
  const busy = shallowRef(false);
  const failure = shallowRef<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  watch(text, (typed) => {
    clearTimeout(timer);
    const mine = ++asked;
    failure.value = undefined;
    const query = typed.trim();
    if (query.length < 2) {
      hits.value = [];
      busy.value = false;
      return;
    }
    busy.value = true;
    timer = setTimeout(() => {
      rpc.call('search.global', { text: query.slice(0, 100), limit: 12 }).then(
        (answer) => {
          if (mine !== asked) return;
          hits.value = answer.hits;
          busy.value = false;
        },
        (error: unknown) => {
          if (mine !== asked) return;
          hits.value = [];
          failure.value = messageOf(error);
          busy.value = false;
        },
      );
    }, SETTLE);
  });
  onScopeDispose(() => {
    asked += 1;
    clearTimeout(timer);
  });
  return { hits, busy, failure };
}
