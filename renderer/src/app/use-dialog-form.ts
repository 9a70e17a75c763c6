import { ref, watch, type Ref } from 'vue';
import { messageOf } from './errors.ts';

export interface DialogForm {
  /** The form was submitted: what is missing is shown from then on. */
  readonly tried: Readonly<Ref<boolean>>;
  readonly busy: Readonly<Ref<boolean>>;
  /** Why the last attempt failed, in words. */
  readonly problem: Readonly<Ref<string | undefined>>;
  submit(): Promise<void>;
}

/**
 * A form in a dialog: begun anew (`reset`) whenever the dialog opens, submitted only while `valid`. `run` carries it out and
 * returns a problem to show, or undefined; what it throws is shown, too. Whether the dialog then closes is up to `run`.
 */
export function useDialogForm(visible: Readonly<Ref<boolean>>, { reset, valid, run }: { reset: () => void; valid: () => boolean; run: () => Promise<string | undefined> }): DialogForm {
  const tried = ref(false);
  const busy = ref(false);
  const problem = ref<string>();
  watch(visible, (shown) => {
    if (!shown) return;
    [tried.value, problem.value] = [false, undefined];
    reset();
  });
  return {
    tried, busy, problem,
    async submit() {
      tried.value = true;
      if (!valid() || busy.value) return;
      busy.value = true;
      problem.value = undefined;
      try {
        problem.value = await run();
      } catch (error) {
        problem.value = messageOf(error);
      } finally {
        busy.value = false;
      }
    },
  };
}
