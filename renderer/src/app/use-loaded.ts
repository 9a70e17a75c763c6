import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

export interface Loaded<T> {
  /** The newest answer; undefined before the first and after `clear`. */
  readonly value: ShallowRef<T | undefined>;
  /** Why the newest question was not answered. */
  readonly failure: Readonly<ShallowRef<unknown>>;
  /** Asks (again). Of several questions under way only the last one counts, in whatever order the answers come. */
  load(): Promise<void>;
  /** Forgets the answer and what is under way. */
  clear(): void;
}

/** The answer to a question that is asked anew, as when what it is about changes; it ends with the calling component. */
export function useLoaded<T>(ask: () => Promise<T>): Loaded<T> {
  const value = shallowRef<T>();
  const failure = shallowRef<unknown>();
  let turn = 0;
  function clear(): void {
    turn++;
    value.value = undefined;
    failure.value = undefined;
  }
  onScopeDispose(() => turn++);
  return {
    value, failure, clear,
    async load() {
      const mine = ++turn;
      try {
        const answer = await ask();
        if (mine !== turn) return;
        value.value = answer;
        failure.value = undefined;
      } catch (error) {
        if (mine === turn) failure.value = error;
      }
    },
  };
}
