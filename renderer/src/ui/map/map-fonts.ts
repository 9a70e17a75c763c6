import '@fontsource/inter/latin-400.css';
import '@fontsource/inter/latin-500.css';
import '@fontsource/noto-sans-devanagari/devanagari-400.css';

/** "Inter Medium" names no family of its own; the map reads the weight from it and draws with the families that follow. */
export const FONT_REGULAR = ['Inter', 'Noto Sans Devanagari'];
export const FONT_MEDIUM = ['Inter Medium', 'Inter', 'Noto Sans Devanagari'];

/**
 * Resolves when the label fonts are there: the map rasterises glyphs once, and would keep those of a stand-in. A font
 * that cannot be had is not waited for.
 */
export async function loadMapFonts(): Promise<void> {
  const wanted = ['400 24px Inter', '500 24px Inter'].map((font) => document.fonts.load(font, 'Ag'));
  const devanagari = document.fonts.load('400 24px "Noto Sans Devanagari"', 'क');
  await Promise.allSettled([...wanted, devanagari]);
}
