/**
 * What the writer knows of every unit: the last sequence in the log, and the figures of the open segment. Indexed by unit
 * number; 28 bytes a unit.
 */
export class UnitIndex {
  /** Last sequence of the unit, 0: none. */
  tail = new Float64Array(1024);
  /** Messages in the open segment. */
  messages = new Uint32Array(1024);
  timeFrom = new Float64Array(1024);
  timeTo = new Float64Array(1024);
  /** Units with messages in the open segment. */
  touched: number[] = [];

  /** Notes a message and returns the distance to the unit's message before, 0: none. */
  add(unit: number, sequence: number, time: number): number {
    if (unit >= this.tail.length) this.reserve(unit);
    const before = this.tail[unit] as number;
    this.tail[unit] = sequence;
    if (this.messages[unit] === 0) {
      this.touched.push(unit);
      this.timeFrom[unit] = time;
      this.timeTo[unit] = time;
    } else {
      if (time < (this.timeFrom[unit] as number)) this.timeFrom[unit] = time;
      if (time > (this.timeTo[unit] as number)) this.timeTo[unit] = time;
    }
    this.messages[unit] = (this.messages[unit] as number) + 1;
    return before === 0 ? 0 : sequence - before;
  }

  reserve(unit: number): void {
    const size = Math.max(unit + 1, this.tail.length * 2);
    const grow = <T extends Float64Array | Uint32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.tail = grow(this.tail, new Float64Array(size));
    this.messages = grow(this.messages, new Uint32Array(size));
    this.timeFrom = grow(this.timeFrom, new Float64Array(size));
    this.timeTo = grow(this.timeTo, new Float64Array(size));
  }

  /** Begins a new segment; tails stay. */
  startSegment(): void {
    for (const unit of this.touched) this.messages[unit] = 0;
    this.touched = [];
  }

  /** The open segment's figures: five doubles per touched unit. */
  checkpoint(): Uint8Array {
    const data = new Float64Array(this.touched.length * 5);
    this.touched.forEach((unit, i) => data.set([unit, this.tail[unit] as number, this.messages[unit] as number, this.timeFrom[unit] as number, this.timeTo[unit] as number], i * 5));
    return new Uint8Array(data.buffer);
  }

  restore(checkpoint: Uint8Array): void {
    const data = new Float64Array(checkpoint.slice().buffer);
    for (let i = 0; i + 4 < data.length; i += 5) {
      const unit = data[i] as number;
      if (unit >= this.tail.length) this.reserve(unit);
      this.tail[unit] = data[i + 1] as number;
      this.messages[unit] = data[i + 2] as number;
      this.timeFrom[unit] = data[i + 3] as number;
      this.timeTo[unit] = data[i + 4] as number;
      this.touched.push(unit);
    }
  }
}
