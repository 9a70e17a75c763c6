import { inject, provide, ref, type InjectionKey, type Ref } from 'vue';

export interface Palette {
  readonly visible: Ref<boolean>;
  open(): void;
}

const key: InjectionKey<Palette> = Symbol('palette');

/** The one command palette, for the root of the app. */
export function providePalette(): Palette {
  const visible = ref(false);
  const palette: Palette = { visible, open: () => (visible.value = true) };
  provide(key, palette);
  return palette;
}

/** The command palette. */
export function usePalette(): Palette {
  const palette = inject(key);
  if (!palette) throw new Error('the palette is not provided');
  return palette;
}
