import type { ThemeTokens } from '../colours/theme-tokens.ts';
import { saveLink } from '../save-link.ts';

/** An entry of a picture's legend. */
export interface PictureEntry {
  readonly text: string;
  readonly colour: string;
  /** SVG dash array; empty for a solid line. */
  readonly dash: string;
}

const SCALE = 2;
const PADDING = 16;
const HEADER = 52;

/** The chart with title and legend above it, as a PNG at twice its size; it explains itself outside of the product. */
export function chartPicture(drawing: HTMLCanvasElement, title: string, entries: readonly PictureEntry[], tokens: ThemeTokens): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = drawing.width + 2 * PADDING * SCALE;
  canvas.height = drawing.height + (HEADER + 2 * PADDING) * SCALE;
  const context = canvas.getContext('2d');
  if (context === null) return Promise.reject(new Error('no canvas'));
  context.fillStyle = tokens.surface1;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(SCALE, SCALE);
  context.textBaseline = 'middle';
  context.fillStyle = tokens.textStrong;
  context.font = "600 14px Inter, 'Noto Sans Devanagari', sans-serif";
  context.fillText(title, PADDING, PADDING + 10);
  context.font = "400 12px Inter, 'Noto Sans Devanagari', sans-serif";
  let x = PADDING;
  context.lineWidth = 2.4;
  for (const { text, colour, dash } of entries) {
    context.strokeStyle = colour;
    context.setLineDash(dash === '' ? [] : dash.split(' ').map(Number));
    context.beginPath();
    context.moveTo(x, PADDING + 35);
    context.lineTo(x + 18, PADDING + 35);
    context.stroke();
    context.fillStyle = tokens.textNormal;
    context.fillText(text, x + 24, PADDING + 35);
    x += context.measureText(text).width + 44;
  }
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(drawing, PADDING * SCALE, (PADDING + HEADER) * SCALE);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob === null ? reject(new Error('no picture')) : resolve(blob)), 'image/png'));
}

/** Hands a file to the user. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  saveLink(url, name);
  // The download has begun with the click; the address is let go once it can no longer be needed.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A file name of a title: letters, digits and dashes. */
export function fileName(title: string, extension: string): string {
  const stem = title.normalize('NFD').replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '').toLowerCase();
  return `${stem === '' ? 'chart' : stem}.${extension}`;
}
