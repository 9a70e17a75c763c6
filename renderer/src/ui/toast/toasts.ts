import { inject, shallowReactive, type InjectionKey } from 'vue';

export type ToastKind = 'done' | 'failed' | 'info';

export interface Toast {
  readonly id: number;
  readonly kind: ToastKind;
  /** What was done, or why not and what to do. */
  readonly text: string;
  readonly action?: { readonly label: string; run(): void };
}

export interface Toasts {
  readonly items: readonly Toast[];
  /** Shows a message; failures stay until dismissed, others leave after six seconds. */
  show(toast: Omit<Toast, 'id'>): void;
  done(text: string): void;
  failed(text: string): void;
  dismiss(id: number): void;
}

/** Six seconds read about 20 words, the longest message of the catalogue. */
const VISIBLE = 6000;
/** More at once would cover the page; the oldest leaves. */
const BOUND = 4;

/** A list of short messages; `later` runs a function after milliseconds. */
export function createToasts(later: (run: () => void, delay: number) => void): Toasts {
  const items = shallowReactive<Toast[]>([]);
  let next = 1;
  const dismiss = (id: number): void => {
    const index = items.findIndex((item) => item.id === id);
    if (index >= 0) items.splice(index, 1);
  };
  const show: Toasts['show'] = (toast) => {
    const id = next++;
    items.push({ ...toast, id });
    if (items.length > BOUND) items.shift();
    if (toast.kind !== 'failed') later(() => dismiss(id), VISIBLE);
  };
  return { items, show, dismiss, done: (text) => show({ kind: 'done', text }), failed: (text) => show({ kind: 'failed', text }) };
}

export const toastsKey: InjectionKey<Toasts> = Symbol('toasts');

/** The toasts of the app. */
export function useToasts(): Toasts {
  const toasts = inject(toastsKey);
  if (!toasts) throw new Error('toasts are not provided');
  return toasts;
}
