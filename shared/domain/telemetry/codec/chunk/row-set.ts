/** What a row says beside its values. Times are whole epoch ms, of a magnitude below 4e15 (their distances are exact then). */
export interface RowHead {
  readonly time: number;
  readonly received: number;
  /** NaN: the unit gave none. */
  readonly deviceTime: number;
  readonly boot: number;
  /** The unit's sequence number, or the payload's hash where it numbers nothing (a bit of `flags` says so). */
  readonly number: number;
  readonly flags: number;
  /** Place in the append log. */
  readonly sequence: number;
}

export interface RowText {
  readonly row: number;
  readonly parameter: number;
  readonly text: string;
}

/** The columns of a RowHead, in the order in which a chunk holds them. */
export const HEAD_COLUMNS = ['time', 'received', 'deviceTime', 'boot', 'number', 'flags', 'sequence'] as const satisfies readonly (keyof RowHead)[];

const NO_TEXTS: readonly RowText[] = [];

/** Rows of one unit as columns that grow: heads, numbers (those of row i end at `valueEnd[i]`), texts in the order of their rows. */
export class RowSet {
  count = 0;
  time = new Float64Array(64);
  received = new Float64Array(64);
  deviceTime = new Float64Array(64);
  boot = new Float64Array(64);
  number = new Float64Array(64);
  flags = new Float64Array(64);
  sequence = new Float64Array(64);
  valueEnd = new Uint32Array(64);
  parameters = new Uint16Array(512);
  values = new Float64Array(512);
  texts: RowText[] = [];

  /** Where the values of `row` begin. */
  valueStart(row: number): number {
    return row === 0 ? 0 : (this.valueEnd[row - 1] as number);
  }

  /** Begins a row; its values and texts follow. */
  begin(time: number, received: number, deviceTime: number, boot: number, number: number, flags: number, sequence: number): void {
    const row = this.count++;
    if (row === this.time.length) this.#growRows();
    this.time[row] = time;
    this.received[row] = received;
    this.deviceTime[row] = deviceTime;
    this.boot[row] = boot;
    this.number[row] = number;
    this.flags[row] = flags;
    this.sequence[row] = sequence;
    this.valueEnd[row] = this.valueStart(row);
  }

  /** A value of the row that was begun last. */
  push(parameter: number, value: number): void {
    const row = this.count - 1;
    const at = this.valueEnd[row] as number;
    if (at === this.values.length) this.reserveValues(at + 1);
    this.parameters[at] = parameter;
    this.values[at] = value;
    this.valueEnd[row] = at + 1;
  }

  pushText(parameter: number, text: string): void {
    this.texts.push({ row: this.count - 1, parameter, text });
  }

  /** The texts of a row; they lie together. */
  textsOf(row: number): readonly RowText[] {
    const { texts } = this;
    let from = 0;
    for (let to = texts.length; from < to; ) {
      const middle = (from + to) >>> 1;
      if ((texts[middle]?.row ?? 0) < row) from = middle + 1;
      else to = middle;
    }
    let end = from;
    while (texts[end]?.row === row) end++;
    return end === from ? NO_TEXTS : texts.slice(from, end);
  }

  /** Appends a row of another set. */
  copy(from: RowSet, row: number): void {
    this.begin(from.time[row] as number, from.received[row] as number, from.deviceTime[row] as number, from.boot[row] as number, from.number[row] as number, from.flags[row] as number, from.sequence[row] as number);
    const start = from.valueStart(row);
    const end = from.valueEnd[row] as number;
    const at = this.valueEnd[this.count - 1] as number;
    this.reserveValues(at + end - start);
    this.parameters.set(from.parameters.subarray(start, end), at);
    this.values.set(from.values.subarray(start, end), at);
    this.valueEnd[this.count - 1] = at + end - start;
    for (const { parameter, text } of from.textsOf(row)) this.pushText(parameter, text);
  }

  /** Row numbers in the order of event time, then of the log. */
  order(): Uint32Array {
    const index = new Uint32Array(this.count);
    let sorted = true;
    const { time, sequence } = this;
    for (let i = 0; i < this.count; i++) {
      index[i] = i;
      if (i > 0 && ((time[i] as number) < (time[i - 1] as number) || (time[i] === time[i - 1] && (sequence[i] as number) < (sequence[i - 1] as number)))) sorted = false;
    }
    return sorted ? index : index.sort((a, b) => (time[a] as number) - (time[b] as number) || (sequence[a] as number) - (sequence[b] as number));
  }

  reserveValues(count: number): void {
    if (count <= this.values.length) return;
    const parameters = new Uint16Array(Math.max(count, this.values.length * 2));
    const values = new Float64Array(parameters.length);
    parameters.set(this.parameters);
    values.set(this.values);
    this.parameters = parameters;
    this.values = values;
  }

  #growRows(): void {
    for (const name of HEAD_COLUMNS) {
      const grown = new Float64Array(this[name].length * 2);
      grown.set(this[name]);
      this[name] = grown;
    }
    const ends = new Uint32Array(this.time.length);
    ends.set(this.valueEnd);
    this.valueEnd = ends;
  }
}
