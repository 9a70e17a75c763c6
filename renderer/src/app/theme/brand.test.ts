import { beforeEach, expect, test } from 'vitest';
import { applyBrand } from './brand.ts';

const root = document.documentElement;
const icon = (): HTMLLinkElement | null => document.querySelector('link[rel="icon"]');
beforeEach(() => {
  root.removeAttribute('style');
  document.head.innerHTML = '<link rel="icon" href="./favicon.svg" type="image/svg+xml">';
});

test('an installation has its own colours and its own logo as the icon of the window', () => {
  applyBrand({ accentLight: '#112233', accentDark: '#AABBCC', logoUrl: 'data:image/png;base64,AA' }, root);
  expect(root.style.getPropertyValue('--cc-brand-accent-light')).toBe('#112233');
  expect([icon()?.getAttribute('href'), icon()?.hasAttribute('type')]).toEqual(['data:image/png;base64,AA', false]);
});

test('what is no colour, and a missing logo, leave those of the product', () => {
  applyBrand({ accentLight: 'red; background: url(x)', accentDark: '#12345' }, root);
  expect(root.getAttribute('style') ?? '').toBe('');
  expect(icon()?.getAttribute('href')).toBe('./favicon.svg');
});
