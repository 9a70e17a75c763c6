import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import { hexColour, luminance } from './colours.ts';

/** The theme's colours as `#rrggbb`, for canvases that cannot use custom properties. */
export interface ThemeTokens {
  readonly dark: boolean;
  readonly surface0: string;
  readonly surface1: string;
  readonly surface2: string;
  readonly textStrong: string;
  readonly textNormal: string;
  readonly textMuted: string;
  readonly line: string;
  readonly accent: string;
  readonly critical: string;
  readonly high: string;
}

/** Custom properties and the values of the light theme, which stand in where a property is not defined. */
const PROPERTIES = {
  surface0: ['--cc-surface-0', '#f5f6f8'],
  surface1: ['--cc-surface-1', '#ffffff'],
  surface2: ['--cc-surface-2', '#eef0f3'],
  textStrong: ['--cc-text-strong', '#10161f'],
  textNormal: ['--cc-text-normal', '#2b3542'],
  textMuted: ['--cc-text-muted', '#66717f'],
  line: ['--cc-line', '#dde1e7'],
  accent: ['--cc-accent', '#0f62c9'],
  critical: ['--cc-critical', '#c21f2c'],
  high: ['--cc-high', '#b85c00'],
} as const satisfies Record<Exclude<keyof ThemeTokens, 'dark'>, readonly [string, string]>;

/**
 * What a colour computes to in the page, as `#rrggbb`: a custom property (`--cc-accent`, also one made with color-mix)
 * or any CSS colour.
 */
export function resolveColour(colour: string, fallback = '#808080'): string {
  const probe = document.createElement('span');
  probe.style.display = 'none';
  probe.style.color = colour.startsWith('--') ? `var(${colour}, ${fallback})` : colour;
  document.body.append(probe);
  const computed = getComputedStyle(probe).color;
  probe.remove();
  return hexColour(computed === '' || computed.startsWith('var(') ? fallback : computed);
}

/** The theme as it is now. */
export function readThemeTokens(): ThemeTokens {
  const read = (name: keyof typeof PROPERTIES): string => resolveColour(PROPERTIES[name][0], PROPERTIES[name][1]);
  const surface0 = read('surface0');
  return {
    dark: luminance(surface0) < 0.2, surface0, surface1: read('surface1'), surface2: read('surface2'), textStrong: read('textStrong'), textNormal: read('textNormal'),
    textMuted: read('textMuted'), line: read('line'), accent: read('accent'), critical: read('critical'), high: read('high'),
  };
}

/** Calls `changed` after the page's theme may have changed, until the returned function is called. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['class', 'style', 'data-theme'] });
  return () => observer.disconnect();
}

/** The theme's tokens, kept up to date within the current component or effect scope. */
export function useThemeTokens(): ShallowRef<ThemeTokens> {
  const tokens = shallowRef(readThemeTokens());
  onScopeDispose(watchTheme(() => (tokens.value = readThemeTokens())));
  return tokens;
}
