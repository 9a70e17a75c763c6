import { ref, type Ref } from 'vue';
import { messageOf } from './errors.ts';

export interface ConfirmedSave {
  /** The form was submitted: what is wrong with it is shown from then on. */
  readonly tried: Ref<boolean>;
  /** The dialog is open. */
  readonly confirming: Ref<boolean>;
  readonly saving: Readonly<Ref<boolean>>;
  /** Why the last attempt failed, in words; it stays in the dialog. */
  readonly problem: Readonly<Ref<string | undefined>>;
  /** Opens the dialog where the form is valid. */
  ask(): void;
  /** Carries the change out and closes the dialog. */
  save(): Promise<void>;
}

/** A change that is confirmed before it is carried out by `run`, which throws why it could not be. */
export function useConfirmedSave(valid: () => boolean, run: () => Promise<void>): ConfirmedSave {
  const tried = ref(false);
  const confirming = ref(false);
  const saving = ref(false);
  const problem = ref<string>();
  return {
    tried,
    confirming,
    saving,
    problem,
    ask() {
      tried.value = true;
      problem.value = undefined;
      confirming.value = valid();
    },
    async save() {
      saving.value = true;
      problem.value = undefined;
      try {
        await run();
        confirming.value = false;
      } catch (error) {
        problem.value = messageOf(error);
      } finally {
        saving.value = false;
      }
    },
  };
}
