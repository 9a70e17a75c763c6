import type { Brand } from '#shared/contract/app.ts';

const COLOUR = /^#[0-9a-f]{6}$/i;

/** Applies the white-label colours and the window's icon; a colour that is not `#rrggbb` and a missing logo leave the product's own. */
export function applyBrand(brand: Pick<Brand, 'accentLight' | 'accentDark' | 'logoUrl'>, root: HTMLElement): void {
  const icon = root.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (icon !== null && brand.logoUrl !== undefined) {
    icon.href = brand.logoUrl;
    icon.removeAttribute('type');
  }
  if (COLOUR.test(brand.accentLight)) root.style.setProperty('--cc-brand-accent-light', brand.accentLight);
  if (COLOUR.test(brand.accentDark)) root.style.setProperty('--cc-brand-accent-dark', brand.accentDark);
}
