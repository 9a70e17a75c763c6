import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Seeded uniform integers in [0, 2^32) (mulberry32). */
export function seededIntegers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

export interface DatabaseStyle {
  readonly seed: number;
  readonly messages: number;
  readonly byteOrder: 'intel' | 'motorola' | 'mixed';
  /** Every n-th message has a multiplexor; 0: none. */
  readonly multiplexEvery: number;
  readonly extended: boolean;
  /** Comments, attributes and value tables as real files have them. */
  readonly documented: boolean;
}

const SCALES = ['1', '0.1', '0.5', '0.01', '0.00390625', '2'];
const OFFSETS = ['0', '0', '0', '-40', '-3276.8'];

/** A DBC text with 8-byte messages of 2 to 12 signals of 1 to 32 bit, as vehicle networks have them. */
export function syntheticDbc(style: DatabaseStyle): string {
  const next = seededIntegers(style.seed);
  const lines = ['VERSION "1.0"', '', 'NS_ :', '', 'BS_:', '', 'BU_: VCU BMS MCU TCU', ''];
  const notes: string[] = ['BA_DEF_ BO_ "GenMsgCycleTime" INT 0 65535;', 'BA_DEF_DEF_ "GenMsgCycleTime" 0;'];
  for (let i = 0; i < style.messages; i++) {
    const id = style.extended ? 0x80000000 + 0x18ff0000 + i * 16 : 0x80 + i;
    lines.push(`BO_ ${id} Message_${i}: 8 VCU`);
    const multiplexed = style.multiplexEvery > 0 && i % style.multiplexEvery === 0;
    const branches = multiplexed ? 4 : 1;
    if (multiplexed) lines.push(' SG_ Selector M : 0|8@1+ (1,0) [0|3] "" TCU');
    for (let branch = 0; branch < branches; branch++) {
      let at = multiplexed ? 8 : 0;
      for (let s = 0; at < 64 && s < 12; s++) {
        const wanted = [1, 1, 2, 4, 8, 8, 12, 16, 16, 32][next() % 10] ?? 8;
        const length = Math.min(wanted, 64 - at);
        const motorola = style.byteOrder === 'motorola' || (style.byteOrder === 'mixed' && next() % 2 === 0);
        // Positions are counted along the signal's byte order; mixed orders keep to whole bytes so that nothing overlaps.
        const first = style.byteOrder === 'mixed' ? at & ~7 : at;
        const bits = style.byteOrder === 'mixed' ? Math.min((length + 7) & ~7, 64 - first) : length;
        const start = motorola ? (first & ~7) + 7 - (first & 7) : first;
        const name = `Signal_${i}_${branch}_${s}`;
        lines.push(` SG_ ${name}${multiplexed ? ` m${branch}` : ''} : ${start}|${bits}@${motorola ? 0 : 1}${next() % 4 === 0 && bits > 1 ? '-' : '+'} (${SCALES[next() % SCALES.length]},${OFFSETS[next() % OFFSETS.length]}) [0|0] "V" TCU`);
        if (style.documented) {
          if (next() % 3 === 0) notes.push(`CM_ SG_ ${id} ${name} "What the ${name} of message ${i} means, in a sentence or two as engineers write them.";`);
          if (bits <= 4) notes.push(`VAL_ ${id} ${name} 0 "Off" 1 "On" 2 "Error" 3 "Not available" ;`);
        }
        at = first + bits;
      }
    }
    if (style.documented) notes.push(`CM_ BO_ ${id} "Sent by the VCU.";`, `BA_ "GenMsgCycleTime" BO_ ${id} ${10 * (1 + (next() % 100))};`);
    lines.push('');
  }
  return `${[...lines, ...notes].join('\n')}\n`;
}

const OWN = join(import.meta.dirname, '../resources/dbc');
const plain = { multiplexEvery: 0, extended: false, documented: false };

/** The DBC files of a fleet of eight vehicle models: the two that come with the product, and six made up. */
export function fleetDatabases(): { readonly name: string; readonly text: string }[] {
  return [
    { name: 'two-wheeler', text: readFileSync(join(OWN, 'two-wheeler.dbc'), 'utf8') },
    { name: 'three-wheeler', text: readFileSync(join(OWN, 'three-wheeler.dbc'), 'utf8') },
    { name: 'Intel', text: syntheticDbc({ ...plain, seed: 11, messages: 40, byteOrder: 'intel' }) },
    { name: 'Motorola', text: syntheticDbc({ ...plain, seed: 12, messages: 60, byteOrder: 'motorola' }) },
    { name: 'mixed', text: syntheticDbc({ ...plain, seed: 13, messages: 30, byteOrder: 'mixed' }) },
    { name: 'multiplexed', text: syntheticDbc({ ...plain, seed: 14, messages: 24, byteOrder: 'intel', multiplexEvery: 2 }) },
    { name: 'extended', text: syntheticDbc({ ...plain, seed: 15, messages: 50, byteOrder: 'intel', extended: true }) },
    { name: 'large', text: syntheticDbc({ ...plain, seed: 16, messages: 120, byteOrder: 'motorola', multiplexEvery: 8 }) },
  ];
}

/** Published DBC files of a conformance set beside the project; none where there is no such folder. */
export function publishedDatabases(): { readonly name: string; readonly text: string }[] {
  const folder = join(import.meta.dirname, '../../shared/conformance/can/dbc');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith('.dbc')).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

/** A documented DBC text of `bytes` or a little more. */
export function largeDbc(bytes: number): string {
  for (let messages = 64; ; messages += 16) {
    const text = syntheticDbc({ seed: 21, messages, byteOrder: 'mixed', multiplexEvery: 10, extended: true, documented: true });
    if (text.length >= bytes) return text;
  }
}
