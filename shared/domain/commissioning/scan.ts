/** The numbers that commissioning asks for. */
export const NUMBER_KINDS = ['vcu', 'battery', 'motor', 'frame', 'phone'] as const;
export type NumberKind = (typeof NUMBER_KINDS)[number];

/** Kinds that are recognised by what their numbers look like. */
export type PatternKind = 'vcu' | 'battery' | 'motor' | 'frame';

/**
 * What numbers look like in this installation. A pattern is text in which `*` stands for anything and `#` for one digit, compared
 * without case and spaces; it is not a regular expression, so that no pattern can be slow.
 */
export interface NumberPatterns {
  readonly vcu: readonly string[];
  readonly battery: readonly string[];
  readonly motor: readonly string[];
  readonly frame: readonly string[];
  /** Frame numbers that only stand in for one: units are shipped on them. */
  readonly placeholder: readonly string[];
  /** What scanners and labels put before a number, such as `VIN:`. */
  readonly prefixes: readonly string[];
}

/** Patterns of a new installation: the portal's sample numbers. */
export const DEFAULT_PATTERNS: NumberPatterns = {
  vcu: ['CEH0*', 'CEV0*'],
  battery: ['Bms*'],
  motor: ['KE*'],
  frame: ['MX*', 'CDH*', 'CH1-*', 'CHH000*', 'EVH000*'],
  placeholder: ['CHH000*', 'EVH000*'],
  prefixes: ['VIN:', 'VCU:', 'VTS:', 'BMS:', 'BAT:', 'MOTOR:', 'S/N:', 'SN:'],
};

const INVISIBLE = /[\p{Cc}\p{Cf}]/gu;

/** Identity for comparing a number with a pattern: upper case, without spaces. */
function plain(text: string): string {
  return text.normalize('NFKC').toUpperCase().replace(/\s+/g, '');
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

/** Whether a number fits a pattern. Takes time in proportion to both lengths. */
export function fitsPattern(pattern: string, number: string): boolean {
  const wanted = plain(pattern);
  const text = plain(number);
  let p = 0;
  let at = 0;
  let star = -1;
  let mark = 0;
  while (at < text.length) {
    const token = wanted[p];
    if (token === '*') {
      star = p++;
      mark = at;
    } else if (token !== undefined && (token === '#' ? isDigit(text[at]) : token === text[at])) {
      p++;
      at++;
    } else if (star >= 0) {
      p = star + 1;
      at = ++mark;
    } else return false;
  }
  while (wanted[p] === '*') p++;
  return p === wanted.length;
}

export function fitsAny(patterns: readonly string[], number: string): boolean {
  return patterns.some((pattern) => fitsPattern(pattern, number));
}

/**
 * What a scanner typed, as a number: without control and invisible characters, surrounding blanks and one of the prefixes,
 * inner blanks collapsed. Idempotent but for nested prefixes, which are all taken off.
 */
export function normaliseScan(raw: string, prefixes: readonly string[]): string {
  let text = raw.normalize('NFKC').replace(/[\t\r\n]/g, ' ').replace(INVISIBLE, '').replace(/\s+/g, ' ').trim();
  for (let taken = true; taken; ) {
    taken = false;
    for (const prefix of prefixes) {
      if (prefix === '' || text.length <= prefix.length || text.slice(0, prefix.length).toUpperCase() !== prefix.toUpperCase()) continue;
      text = text.slice(prefix.length).trim();
      taken = true;
    }
  }
  return text;
}

/** The kind of number that this looks like where it is not the one asked for: the scanner was held to the wrong label. */
export function wrongKind(asked: NumberKind, number: string, patterns: NumberPatterns): PatternKind | undefined {
  if (number === '' || (asked !== 'phone' && fitsAny(patterns[asked], number))) return undefined;
  return (['vcu', 'battery', 'motor', 'frame'] as const).find((kind) => kind !== asked && fitsAny(patterns[kind], number));
}

/** Whether a frame number only stands in for one. */
export function isPlaceholder(vin: string, patterns: Pick<NumberPatterns, 'placeholder'>): boolean {
  return fitsAny(patterns.placeholder, vin);
}
