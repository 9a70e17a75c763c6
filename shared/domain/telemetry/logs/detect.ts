import { createAscParser } from './asc.ts';
import { createCandumpParser } from './candump.ts';
import { createCrtdParser } from './crtd.ts';
import { createGvretParser } from './gvret.ts';
import { createTrcParser } from './trc.ts';
import { FrameBuffer, type LineParser, type LogFormat } from './types.ts';

/** Bytes of a file's beginning that are enough to tell its format. */
export const DETECTION_BYTES = 16_384;

export const PARSERS: Readonly<Record<LogFormat, () => LineParser>> = {
  candump: createCandumpParser,
  asc: createAscParser,
  trc: createTrcParser,
  crtd: createCrtdParser,
  gvret: createGvretParser,
};

/** The format of a log by its first bytes (16 kB are enough); undefined: none that can be read. */
export function detectLogFormat(firstBytes: Uint8Array): LogFormat | undefined {
  const text = new TextDecoder('latin1').decode(firstBytes.subarray(0, DETECTION_BYTES)).replace(/^\u00ef\u00bb\u00bf/, '');
  if (text.includes('\0')) return undefined;
  const lines = text.split(/\r?\n/);
  if (firstBytes.length >= DETECTION_BYTES) lines.pop();
  const head = lines.find((line) => line.trim() !== '')?.trim() ?? '';
  if (/^;\$FILEVERSION/.test(head) || (head.startsWith(';') && /^;\s*Message Number/im.test(text))) return 'trc';
  if (/^date\s/i.test(head) || /^base\s+(?:hex|dec)/im.test(text)) return 'asc';
  if (/^time\s?stamp,\s*id,/i.test(head)) return 'gvret';
  return (['candump', 'crtd', 'gvret', 'trc', 'asc'] as const).find((format) => reads(format, lines));
}

/** True when the first lines hold frames of the format, and not mostly anything else. */
function reads(format: LogFormat, lines: readonly string[]): boolean {
  const parser = PARSERS[format]();
  const frame = new FrameBuffer();
  const counts = { frame: 0, other: 0, malformed: 0 };
  for (const line of lines.slice(0, 200)) counts[parser.parse(line, frame)]++;
  return counts.frame > 0 && 4 * counts.frame >= counts.malformed;
}

/** Why a file that is no log of a known format cannot be read, and what to do. */
export function explainUnknown(firstBytes: Uint8Array): string {
  const start = String.fromCharCode(...firstBytes.subarray(0, 8));
  if (start.startsWith('LOGG')) return 'This is a Vector BLF file. Save it as ASC and read that.';
  if (start.startsWith('MDF')) return 'This is an ASAM MDF file. Export it as ASC or CSV (GVRET) and read that.';
  if (/^\u001f\u008b|^PK/.test(start)) return 'This file is compressed. Unpack it and read what is inside.';
  return 'This is no CAN log of a known format (candump, Vector ASC, PEAK TRC, CRTD, GVRET CSV).';
}
