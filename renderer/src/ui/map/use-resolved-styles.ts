import { computed, type ComputedRef, type ShallowRef } from 'vue';
import { resolveColour, type ThemeTokens } from '../colours/theme-tokens.ts';
import type { PinStyle } from './pin-shapes.ts';

/** A style table with every colour as `#rrggbb` in the current theme. */
export function useResolvedStyles(styles: () => readonly PinStyle[], tokens: ShallowRef<ThemeTokens>): ComputedRef<readonly PinStyle[]> {
  return computed(() => {
    // Colours may be custom properties, which change with the theme.
    void tokens.value;
    return styles().map((style) => ({ ...style, colour: resolveColour(style.colour) }));
  });
}
