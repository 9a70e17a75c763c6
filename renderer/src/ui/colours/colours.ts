/** Red, green, blue in [0, 1]. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Parses `#rgb`, `#rrggbb`, `rgb(r g b)` or `color(srgb r g b)`, as browsers compute colours; anything else is mid grey, visible and wrong. */
export function parseColour(text: string): Rgb {
  const value = text.trim();
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(value);
  if (short !== null) return [hex(short[1]! + short[1]!), hex(short[2]! + short[2]!), hex(short[3]! + short[3]!)];
  const long = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})([\da-f]{2})?$/i.exec(value);
  if (long !== null) return [hex(long[1]!), hex(long[2]!), hex(long[3]!)];
  const rgb = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/i.exec(value);
  if (rgb !== null) return [Number(rgb[1]) / 255, Number(rgb[2]) / 255, Number(rgb[3]) / 255];
  const srgb = /^color\(srgb\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)/i.exec(value);
  if (srgb !== null) return [Number(srgb[1]), Number(srgb[2]), Number(srgb[3])];
  return [0.5, 0.5, 0.5];
}

/** `#rrggbb` of a colour between two, `share` of the second. */
export function mix(first: string, second: string, share: number): string {
  const a = parseColour(first);
  const b = parseColour(second);
  return `#${a.map((value, i) => Math.round((value + (b[i]! - value) * share) * 255).toString(16).padStart(2, '0')).join('')}`;
}

/** `#rrggbb` of any colour `parseColour` reads. */
export function hexColour(colour: string): string {
  return mix(colour, colour, 0);
}

/** Relative luminance (WCAG 2.2), 0 black to 1 white. */
export function luminance(colour: string): number {
  const [red, green, blue] = parseColour(colour).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio (WCAG 2.2), 1 to 21. */
export function contrast(first: string, second: string): number {
  const [a, b] = [luminance(first), luminance(second)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function hex(digits: string): number {
  return Number.parseInt(digits, 16) / 255;
}
