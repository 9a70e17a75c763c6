/** Compact numbering of the parameters that vehicles of one kind report: one table for many vehicles. */
export class ParameterLayout {
  /** Cell by parameter number; 0: none yet, else cell + 1. */
  #cellOf = new Uint16Array(512);
  readonly parameters: number[] = [];

  /** Cell of a parameter, or −1. */
  find(parameter: number): number {
    return (this.#cellOf[parameter] ?? 0) - 1;
  }

  /** Cell of a parameter, made at its first sight. */
  ensure(parameter: number): number {
    if (parameter >= this.#cellOf.length) {
      const larger = new Uint16Array(Math.min(65_536, Math.max(parameter + 1, this.#cellOf.length * 2)));
      larger.set(this.#cellOf);
      this.#cellOf = larger;
    }
    const known = this.#cellOf[parameter] ?? 0;
    if (known > 0) return known - 1;
    this.parameters.push(parameter);
    this.#cellOf[parameter] = this.parameters.length;
    return this.parameters.length - 1;
  }

  get size(): number {
    return this.parameters.length;
  }
}

/** The last value of every parameter of one vehicle: 16 bytes a parameter. */
export class ParameterCells {
  readonly layout: ParameterLayout;
  /** value, order key, value, order key, …; a key of 0 means no value. */
  #data: Float64Array;

  constructor(layout: ParameterLayout) {
    this.layout = layout;
    this.#data = new Float64Array(layout.size * 2);
  }

  /** Takes a value unless a newer one is there; true where the cell changed. */
  put(parameter: number, value: number, key: number): boolean {
    const at = this.layout.ensure(parameter) * 2;
    if (at >= this.#data.length) this.#grow();
    const data = this.#data;
    const before = data[at + 1]!;
    if (key < before || (key === before && !(value > data[at]!))) return false;
    data[at] = value;
    data[at + 1] = key;
    return true;
  }

  /** The value, or NaN where none was ever reported. */
  value(parameter: number): number {
    const at = this.layout.find(parameter) * 2;
    return at < 0 || at >= this.#data.length || this.#data[at + 1] === 0 ? Number.NaN : this.#data[at]!;
  }

  /** The order key of the value, 0 where none was ever reported. */
  key(parameter: number): number {
    const at = this.layout.find(parameter) * 2;
    return at < 0 || at >= this.#data.length ? 0 : this.#data[at + 1]!;
  }

  /** Calls `visit` for every parameter that has a value. */
  forEach(visit: (parameter: number, value: number, key: number) => void): void {
    const { parameters } = this.layout;
    for (let cell = 0; cell * 2 < this.#data.length; cell++) {
      const key = this.#data[cell * 2 + 1]!;
      if (key !== 0) visit(parameters[cell]!, this.#data[cell * 2]!, key);
    }
  }

  get bytes(): number {
    return this.#data.byteLength;
  }

  #grow(): void {
    const larger = new Float64Array(this.layout.size * 2);
    larger.set(this.#data);
    this.#data = larger;
  }
}
