/**
 * Finds small integers by CAN id without allocating: a direct table for 11-bit ids, open addressing for 29-bit ids.
 * Immutable once built.
 */
export class IdTable {
  /** Entry + 1 by 11-bit id; 0: none. */
  readonly #standard: Uint32Array;
  readonly #extended: NumberTable;
  /** By J1939 parameter group. */
  readonly #groups: NumberTable;

  constructor(ids: readonly { readonly id: number; readonly extended: boolean; readonly j1939: boolean }[]) {
    const standard = ids.some(({ extended }) => !extended);
    this.#standard = new Uint32Array(standard ? 0x800 : 0);
    this.#extended = new NumberTable(ids.length);
    this.#groups = new NumberTable(ids.length);
    ids.forEach(({ id, extended, j1939 }, index) => {
      if (!extended) this.#standard[id] = index + 1;
      else this.#extended.add(id, index);
      if (j1939) this.#groups.add(parameterGroup(id), index);
    });
  }

  /** The entry for an id, else for its J1939 parameter group; -1: none. */
  find(id: number, extended: boolean): number {
    if (!extended) return (this.#standard[id] ?? 0) - 1;
    const exact = this.#extended.find(id);
    if (exact >= 0 || this.#groups.empty) return exact;
    return this.#groups.find(parameterGroup(id));
  }
}

/**
 * The parameter group number of a 29-bit id, without priority and source address; below PDU format 240 the second byte
 * is a destination and does not count (SAE J1939-21, 5.1.2).
 */
export function parameterGroup(id: number): number {
  return ((id >> 16) & 0xff) < 240 ? (id >> 8) & 0x3ff00 : (id >> 8) & 0x3ffff;
}

/** Numbers from 0 by integer key, with linear probing at a load of at most a half. The first value of a key stays. */
class NumberTable {
  readonly #keys: Int32Array;
  readonly #values: Int32Array;
  readonly #mask: number;
  #size = 0;

  constructor(capacity: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, 2 * capacity)));
    this.#keys = new Int32Array(size).fill(-1);
    this.#values = new Int32Array(size);
    this.#mask = size - 1;
  }

  get empty(): boolean {
    return this.#size === 0;
  }

  add(key: number, value: number): void {
    if (this.find(key) >= 0) return;
    let slot = this.#slotOf(key);
    while (this.#keys[slot] !== -1) slot = (slot + 1) & this.#mask;
    this.#keys[slot] = key;
    this.#values[slot] = value;
    this.#size++;
  }

  find(key: number): number {
    if (key < 0) return -1;
    let slot = this.#slotOf(key);
    for (;;) {
      const found = this.#keys[slot];
      if (found === key) return this.#values[slot] ?? -1;
      if (found === -1 || found === undefined) return -1;
      slot = (slot + 1) & this.#mask;
    }
  }

  #slotOf(key: number): number {
    return (Math.imul(key, 0x9e3779b1) >>> 7) & this.#mask;
  }
}
