import { hexNumber, millisecondsToMicroseconds } from './numbers.ts';
import type { FrameBuffer, LineKind, LineParser } from './types.ts';

/** Columns by version; from 2.0 on the file names them itself. Letters as in `;$COLUMNS`, `-` for a reserved one. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  '1.0': ['N', 'O', 'I', 'L', 'D'],
  '1.1': ['N', 'O', 'd', 'I', 'L', 'D'],
  '1.2': ['N', 'O', 'B', 'd', 'I', 'L', 'D'],
  '1.3': ['N', 'O', 'B', 'd', 'I', '-', 'L', 'D'],
  '2.0': ['N', 'O', 'T', 'I', 'd', 'l', 'D'],
  '2.1': ['N', 'O', 'T', 'B', 'I', 'd', '-', 'L', 'D'],
};
/** Data length by length code of CAN FD. */
const FD_LENGTHS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64];

/**
 * PEAK TRC, versions 1.0 to 2.1 (PEAK-System "PCAN trace file format"). Times are ms since the start of the trace. Ids
 * with eight digits have 29 bits. Status, warning and event lines are passed over.
 */
export function createTrcParser(): LineParser {
  let version = '1.0';
  let columns: readonly string[] = COLUMNS['1.0'] ?? [];
  return {
    parse(line, frame) {
      const text = line.trim();
      if (text === '') return 'other';
      if (text.startsWith(';')) {
        const found = /^;\$FILEVERSION\s*=\s*(\d\.\d)/.exec(text)?.[1];
        if (found !== undefined) {
          version = found;
          columns = COLUMNS[found] ?? columns;
        }
        const named = /^;\$COLUMNS\s*=\s*([\w,]+)/.exec(text)?.[1];
        if (named !== undefined) columns = named.split(',').map((name) => (name === 'R' ? '-' : name));
        return 'other';
      }
      return parseRow(frame, text.split(/\s+/), columns, version >= '2');
    },
  };
}

function parseRow(frame: FrameBuffer, fields: readonly string[], columns: readonly string[], typed: boolean): LineKind {
  const cell = (column: string): string => {
    const at = columns.indexOf(column);
    return at < 0 ? '' : fields[at] ?? '';
  };
  if (!/^\d+\)?$/.test(fields[0] ?? '')) return 'malformed';
  const type = typed ? cell('T') : cell('d');
  if (/^(?:Warng|ST|EC|EV)$/.test(type)) return 'other';
  const id = cell('I');
  const bus = cell('B');
  const time = millisecondsToMicroseconds(cell('O'));
  const error = /^(?:Error|ER)$/.test(type);
  if (!error && id === '-') return 'other';
  if (Number.isNaN(time) || !frame.start(time, bus === '' ? 0 : Number(bus), error && id === '-' ? 0 : hexNumber(id), id.length > 4)) return 'malformed';
  frame.error = error;
  frame.fd = /^(?:FD|FB|FE|BI)$/.test(type);
  const from = columns.indexOf('D');
  if (type === 'RR' || fields[from] === 'RTR') {
    frame.rtr = true;
    return 'frame';
  }
  const code = Number(cell('L'));
  const length = columns.includes('l') ? Number(cell('l')) : frame.fd ? FD_LENGTHS[code] ?? Number.NaN : Math.min(8, code);
  if (error) return 'frame';
  if (from < 0 || !(length <= 64)) return 'malformed';
  for (let i = from; i < from + length; i++) if (!frame.push(hexNumber(fields[i] ?? ''))) return 'malformed';
  return 'frame';
}
