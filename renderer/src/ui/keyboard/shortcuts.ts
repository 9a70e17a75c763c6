import { inject, onScopeDispose, shallowReactive, type InjectionKey } from 'vue';
import { disposable, type Disposable } from '#shared/kernel/disposable.ts';

export interface Shortcut {
  /** `/`, `?`, `Escape`, `j`, `mod+k` (Ctrl, or ⌘ on a Mac), `g v` is not supported: one stroke each. */
  readonly keys: string;
  /** Shown in the shortcut sheet; without one the shortcut is not listed. */
  readonly description?: string;
  readonly group?: string;
  /** Also while a text field has the focus. */
  readonly inFields?: boolean;
  /** Returns false to let the next handler (or the browser) have the key. */
  run(event: KeyboardEvent): boolean | void;
}

export interface Shortcuts {
  /** Handlers added later come first, so that what is on top gets the key. */
  add(shortcut: Shortcut): Disposable;
  readonly list: readonly Shortcut[];
}

/** The stroke of an event in the notation of `Shortcut.keys`. */
export function strokeOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return `${event.ctrlKey || event.metaKey ? 'mod+' : ''}${event.altKey ? 'alt+' : ''}${key}`;
}

function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT' || (target.tagName === 'INPUT' && !/^(checkbox|radio|button)$/.test((target as HTMLInputElement).type));
}

/** The registry of shortcuts that listens on `target` (the window). */
export function createShortcuts(target: EventTarget): Shortcuts & Disposable {
  const list = shallowReactive<Shortcut[]>([]);
  const onKey = (event: Event): void => {
    if (!(event instanceof KeyboardEvent) || event.defaultPrevented || event.isComposing) return;
    const stroke = strokeOf(event);
    const field = isField(event.target);
    for (let i = list.length - 1; i >= 0; i--) {
      const shortcut = list[i];
      if (!shortcut || shortcut.keys !== stroke || (field && shortcut.inFields !== true)) continue;
      if (shortcut.run(event) === false) continue;
      event.preventDefault();
      return;
    }
  };
  target.addEventListener('keydown', onKey);
  return {
    list,
    add(shortcut) {
      list.push(shortcut);
      return disposable(() => list.splice(list.indexOf(shortcut), 1));
    },
    dispose: () => target.removeEventListener('keydown', onKey),
  };
}

export const shortcutsKey: InjectionKey<Shortcuts> = Symbol('shortcuts');

/** Adds a shortcut for as long as the calling component lives; nothing happens outside an app that provides a registry. */
export function useShortcut(shortcut: Shortcut): void {
  const registration = inject(shortcutsKey, undefined)?.add(shortcut);
  if (registration) onScopeDispose(() => registration.dispose());
}
