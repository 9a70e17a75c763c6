import type { Brand } from '#shared/contract/app.ts';

const COLOUR = /^#[0-9a-f]{6}$/i;

/** Applies the white-label colours; a value that is not `#rrggbb` leaves the product's own. */
export function applyBrand(brand: Pick<Brand, 'accentLight' | 'accentDark'>, root: HTMLElement): void {
  if (COLOUR.test(brand.accentLight)) root.style.setProperty('--cc-brand-accent-light', brand.accentLight);
  if (COLOUR.test(brand.accentDark)) root.style.setProperty('--cc-brand-accent-dark', brand.accentDark);
}
