import { computed, ref, type Ref } from 'vue';

/** What is wrong with a form's fields, by field; shown from the first attempt to send it on. */
export function useCheckedForm<F extends string>(problems: () => Readonly<Record<F, string | undefined>>): { readonly shown: Readonly<Ref<Readonly<Partial<Record<F, string | undefined>>>>>; check(): boolean } {
  const tried = ref(false);
  return {
    shown: computed((): Readonly<Partial<Record<F, string | undefined>>> => (tried.value ? problems() : ({} as Partial<Record<F, undefined>>))),
    /** Whether the form can be sent; from now on its problems are shown. */
    check() {
      tried.value = true;
      return Object.values(problems()).every((problem) => problem === undefined);
    },
  };
}
