import type { LogFormat } from './types.ts';

/** Formats that are written; the others are read only. */
export type LogWriteFormat = Extract<LogFormat, 'candump' | 'asc' | 'crtd'>;

/** A frame to be written; `time` in epoch µs, `data` its payload. */
export interface WrittenFrame {
  readonly timeUs: number;
  readonly bus: number;
  readonly id: number;
  readonly extended: boolean;
  readonly fd: boolean;
  readonly rtr: boolean;
  readonly error: boolean;
  readonly data: Uint8Array;
}

export interface LogWriter {
  /** What the file begins with; may be empty. */
  readonly header: string;
  /** One frame as a line with its end. */
  line(frame: WrittenFrame): string;
  readonly footer: string;
  readonly extension: string;
}

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');
const bytesOf = (data: Uint8Array, separator: string): string => Array.from(data, (byte) => hex(byte, 2)).join(separator);
const secondsOf = (timeUs: number): string => `${Math.floor(timeUs / 1e6)}.${String(Math.floor(timeUs % 1e6)).padStart(6, '0')}`;

/** Lines of can-utils' candump -L; buses become can0, can1 …; remote frames `#R`, FD `##`, error frames by bit 29 of the id. */
function candump(): LogWriter {
  return {
    header: '',
    footer: '',
    extension: 'log',
    line({ timeUs, bus, id, extended, fd, rtr, error, data }) {
      const number = error ? hex(id + 0x20000000, 8) : hex(id, extended ? 8 : 3);
      const body = rtr ? '#R' : fd ? `##0${bytesOf(data, '')}` : `#${bytesOf(data, '')}`;
      return `(${secondsOf(timeUs)}) can${bus} ${number}${body}\n`;
    },
  };
}

/** Vector ASC with absolute times from the first frame; the date of the header says when that was. Buses count from 1. */
function asc(startedAt: number): LogWriter {
  const started = startedAt * 1000;
  return {
    header: `date ${new Date(startedAt).toUTCString()}\nbase hex  timestamps absolute\ninternal events logged\nBegin Triggerblock\n`,
    footer: 'End TriggerBlock\n',
    extension: 'asc',
    line({ timeUs, bus, id, extended, fd, rtr, error, data }) {
      const time = secondsOf(Math.max(0, timeUs - started)).padStart(11, ' ');
      if (error) return `${time} ${bus + 1}  ErrorFrame\n`;
      const number = `${hex(id, 1)}${extended ? 'x' : ''}`;
      if (fd) return `${time} CANFD ${bus + 1} Rx ${number} 1 0 ${hex(dlcOf(data.length), 1).toLowerCase()} ${data.length} ${bytesOf(data, ' ')}\n`;
      return rtr ? `${time} ${bus + 1}  ${number}  Rx   r\n` : `${time} ${bus + 1}  ${number}  Rx   d ${data.length} ${bytesOf(data, ' ')}\n`;
    },
  };
}

/** CRTD 2 (Open Vehicles): seconds, bus from 1, R11 or R29, id, bytes. */
function crtd(): LogWriter {
  return {
    header: '',
    footer: '',
    extension: 'crtd',
    line({ timeUs, bus, id, extended, error, data }) {
      const kind = error ? 'CER Err' : extended ? 'R29' : 'R11';
      return `${secondsOf(timeUs)} ${bus + 1}${kind} ${hex(id, extended ? 8 : 3)}${data.length > 0 ? ' ' : ''}${bytesOf(data, ' ')}\n`;
    },
  };
}

const DLC = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64];

/** The DLC code of a CAN FD length (ISO 11898-1); a length between two codes takes the greater. */
function dlcOf(length: number): number {
  return DLC.findIndex((code) => code >= length);
}

/** A writer of CAN logs that `createLogReader` reads back; `startedAt` (epoch ms) is the beginning of the recording. */
export function createLogWriter(format: LogWriteFormat, startedAt: number): LogWriter {
  switch (format) {
    case 'candump':
      return candump();
    case 'asc':
      return asc(startedAt);
    case 'crtd':
      return crtd();
  }
}
