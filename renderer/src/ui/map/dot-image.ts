import { parseColour } from '../colours/colours.ts';
import type { MapPalette } from './map-palette.ts';

const SIZE = 18;

/** The dot that marks a town: a ring in the label's colour around the land's, at twice the screen's resolution. */
export function placeDot(palette: Pick<MapPalette, 'labelMinor' | 'halo'>): { width: number; height: number; data: Uint8Array } {
  const data = new Uint8Array(SIZE * SIZE * 4);
  const ring = parseColour(palette.labelMinor);
  const fill = parseColour(palette.halo);
  for (let i = 0; i < SIZE * SIZE; i++) {
    const distance = Math.hypot((i % SIZE) + 0.5 - SIZE / 2, Math.floor(i / SIZE) + 0.5 - SIZE / 2);
    const alpha = Math.min(1, Math.max(0, 7 - distance));
    const inner = Math.min(1, Math.max(0, 4.5 - distance));
    for (let channel = 0; channel < 3; channel++) data[i * 4 + channel] = Math.round((ring[channel]! * (1 - inner) + fill[channel]! * inner) * 255);
    data[i * 4 + 3] = Math.round(alpha * 255);
  }
  return { width: SIZE, height: SIZE, data };
}
