import { hexNumber } from './numbers.ts';
import type { LineParser } from './types.ts';

/**
 * GVRET CSV as SavvyCAN writes it: `Time Stamp,ID,Extended,Dir,Bus,LEN,D1…D8`, times in µs, ids and bytes hexadecimal.
 * Columns are found by the header, since older files have no `Dir`.
 */
export function createGvretParser(): LineParser {
  let columns = ['time stamp', 'id', 'extended', 'dir', 'bus', 'len', 'd1'];
  return {
    parse(line, frame) {
      if (line.trim() === '') return 'other';
      const fields = line.split(',').map((field) => field.trim());
      if (/^time/i.test(fields[0] ?? '')) {
        columns = fields.map((name) => name.toLowerCase());
        return 'other';
      }
      const cell = (name: string): string => fields[columns.indexOf(name)] ?? '';
      const time = fields[0] ?? '';
      const length = Number(cell('len'));
      const from = columns.indexOf('d1');
      if (!/^\d+$/.test(time) || !frame.start(Number(time), Number(cell('bus') || '0'), hexNumber(cell('id')), /^(?:true|1)$/i.test(cell('extended')))) return 'malformed';
      if (cell('len') === '' || !(length <= 64) || from < 0) return 'malformed';
      frame.fd = length > 8;
      for (let i = from; i < from + length; i++) if (!frame.push(hexNumber(fields[i] ?? ''))) return 'malformed';
      return 'frame';
    },
  };
}
