/** Marks for what makes a symbol hard to read: the mask with the fewest is taken (ISO/IEC 18004:2015, 7.8.3, table 11). */
const RUN = 3;
const BLOCK = 3;
const FINDER = 40;
const BALANCE = 10;
/** What looks like a finder pattern with its light side. */
const FINDER_LIKE = ['10111010000', '00001011101'];

export function penalty(modules: Uint8Array, size: number): number {
  const at = (x: number, y: number): number => modules[y * size + x] ?? 0;
  let marks = 0;
  for (let line = 0; line < size; line++) {
    marks += lineMarks(Array.from({ length: size }, (_, index) => at(index, line)).join(''));
    marks += lineMarks(Array.from({ length: size }, (_, index) => at(line, index)).join(''));
  }
  for (let y = 0; y < size - 1; y++) {
    for (let x = 0; x < size - 1; x++) if (at(x, y) === at(x + 1, y) && at(x, y) === at(x, y + 1) && at(x, y) === at(x + 1, y + 1)) marks += BLOCK;
  }
  const dark = modules.reduce((sum, module) => sum + module, 0);
  return marks + Math.floor(Math.abs((dark / modules.length) * 100 - 50) / 5) * BALANCE;
}

function lineMarks(line: string): number {
  let marks = 0;
  for (const run of line.match(/0{5,}|1{5,}/g) ?? []) marks += RUN + run.length - 5;
  for (const pattern of FINDER_LIKE) for (let from = line.indexOf(pattern); from >= 0; from = line.indexOf(pattern, from + 1)) marks += FINDER;
  return marks;
}
