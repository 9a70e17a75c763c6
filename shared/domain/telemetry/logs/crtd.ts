import { hexNumber, secondsToMicroseconds } from './numbers.ts';
import type { LineParser } from './types.ts';

/** `seconds [bus]R11 id bytes`; R received, T transmitted, 11 or 29 bit. */
const RECORD = /^(\d+(?:\.\d*)?)\s+(\d*)([A-Za-z]\w*)(?:\s+(.*))?$/;

/** CRTD, the log format of OVMS (OVMS user guide, "CRTD CAN Log Format"): record types other than frames are passed over. */
export function createCrtdParser(): LineParser {
  return {
    parse(line, frame) {
      if (line.trim() === '' || line.startsWith('#')) return 'other';
      const match = RECORD.exec(line.trim());
      if (match === null) return 'malformed';
      const [, time = '', bus = '', type = '', rest = ''] = match;
      if (!/^[RT](?:11|29)$/i.test(type)) return /^[RT]\d/i.test(type) ? 'malformed' : 'other';
      const fields = rest.split(/\s+/);
      const id = hexNumber(fields[0] ?? '');
      if (!frame.start(secondsToMicroseconds(time), bus === '' ? 0 : Number(bus), id, type.endsWith('29'))) return 'malformed';
      for (let i = 1; i < fields.length; i++) {
        const field = fields[i] ?? '';
        if (field !== '' && (field.length > 2 || !frame.push(hexNumber(field)))) return 'malformed';
      }
      frame.fd = frame.length > 8;
      return 'frame';
    },
  };
}
