import { firstAt, type ChartSeries } from './series.ts';

/** A cell of text: quoted where needed, and kept from being read as a formula by a spreadsheet. */
export function csvText(text: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * All readings between two instants, undecimated: one row per instant at which any series has one, ISO 8601 times in
 * UTC, a column per series headed "name (unit)", empty where a series has no reading. Lines end in CRLF (RFC 4180).
 */
export function chartCsv(series: readonly ChartSeries[], from: number, to: number): string {
  const cursors = series.map((each) => ({ each, at: firstAt(each, from), end: firstAt(each, to + 1) }));
  const lines = [['time', ...series.map(({ name, unit }) => csvText(unit === '' ? name : `${name} (${unit})`))].join(',')];
  for (;;) {
    let time = Infinity;
    for (const { each, at, end } of cursors) if (at < end) time = Math.min(time, each.times[at]!);
    if (time === Infinity) break;
    const cells = cursors.map((cursor) => {
      let cell = '';
      while (cursor.at < cursor.end && cursor.each.times[cursor.at] === time) {
        const value = cursor.each.values[cursor.at++]!;
        cell = Number.isNaN(value) ? '' : String(value);
      }
      return cell;
    });
    lines.push([new Date(time).toISOString(), ...cells].join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}
