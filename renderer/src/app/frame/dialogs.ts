import { inject, provide, ref, type InjectionKey, type Ref } from 'vue';

export interface Dialogs {
  readonly shortcuts: Ref<boolean>;
  readonly changePassword: Ref<boolean>;
  openShortcuts(): void;
  openChangePassword(): void;
}

const key: InjectionKey<Dialogs> = Symbol('dialogs');

/** The dialogs that the frame owns and several of its parts open. */
export function provideDialogs(): Dialogs {
  const shortcuts = ref(false);
  const changePassword = ref(false);
  const dialogs: Dialogs = { shortcuts, changePassword, openShortcuts: () => (shortcuts.value = true), openChangePassword: () => (changePassword.value = true) };
  provide(key, dialogs);
  return dialogs;
}

/** The dialogs of the frame. */
export function useDialogs(): Dialogs {
  const dialogs = inject(key);
  if (!dialogs) throw new Error('the frame provides the dialogs');
  return dialogs;
}
