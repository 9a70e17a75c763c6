import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../../renderer/src/ui/styles/tokens.css'), 'utf8');

/** `--cc-name: #rrggbb` of one theme; dark falls back to light where it says nothing. */
function colours(block: string): Map<string, string> {
  return new Map([...block.matchAll(/--cc-([\w-]+):\s*(?:var\([^,]+,\s*)?(#[0-9a-f]{6})/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}
const [light = '', dark = ''] = css.split(':root.dark');
const themes = { light: colours(light), dark: new Map([...colours(light), ...colours(dark)]) };

/** Relative luminance and contrast as WCAG 2.2 defines them (1.4.3). */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

for (const [name, theme] of Object.entries(themes)) {
  const of = (token: string): string => theme.get(token) ?? '';

  test(`text can be read on pages and cards in the ${name} theme`, () => {
    for (const surface of ['surface-0', 'surface-1']) {
      for (const [token, least] of [['text-strong', 7], ['text-normal', 4.5], ['text-muted', 4.5], ['accent', 4.5], ['critical', 4.5], ['high', 4], ['good', 4.5]] as const) {
        expect(contrast(of(token), of(surface)), `${token} on ${surface}`).toBeGreaterThanOrEqual(least);
      }
    }
    expect(contrast(of('on-accent'), of('accent'))).toBeGreaterThanOrEqual(4.5);
  });

  test(`status marks stand out from pages and cards in the ${name} theme`, () => {
    const statuses = [...theme.keys()].filter((token) => token.startsWith('status-'));
    expect(statuses).toHaveLength(6);
    for (const token of statuses) for (const surface of ['surface-0', 'surface-1']) expect(contrast(of(token), of(surface)), `${token} on ${surface}`).toBeGreaterThanOrEqual(3);
  });
}
