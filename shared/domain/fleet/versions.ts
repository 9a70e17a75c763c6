/**
 * Compares two software versions part by part: digits as numbers, other text by letters, a missing part before any (1.9 < 1.10 <
 * 1.10.1). Negative: `a` is the earlier one.
 */
export function compareVersions(a: string, b: string): number {
  const left = partsOf(a);
  const right = partsOf(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const x = left[i];
    const y = right[i];
    if (x === y) continue;
    if (x === undefined) return -1;
    if (y === undefined) return 1;
    if (typeof x === 'number' && typeof y === 'number') return x - y;
    return String(x) < String(y) ? -1 : 1;
  }
  return 0;
}

/** Whether a version lies in a range, both ends included; a missing end is open. */
export function inVersionRange(version: string, from: string | undefined, to: string | undefined): boolean {
  return (from === undefined || compareVersions(version, from) >= 0) && (to === undefined || compareVersions(version, to) <= 0);
}

function partsOf(version: string): (number | string)[] {
  return (version.trim().replace(/^v(?=\d)/i, '').match(/\d+|[A-Za-z]+/g) ?? []).map((part) => (/^\d/.test(part) ? Number(part) : part.toLowerCase()));
}
