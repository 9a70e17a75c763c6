import type { TextValue } from '../processor/decoded-message.ts';

/** The values of one message as columns, reused from message to message. */
export class SignalBatch {
  count = 0;
  /** Milliseconds since the message's time. */
  dt = new Float64Array(64);
  parameter = new Uint16Array(64);
  value = new Float64Array(64);
  texts: TextValue[] = [];
  unknownNames = 0;
  invalidValues = 0;

  begin(): void {
    this.count = 0;
    if (this.texts.length > 0) this.texts = [];
    this.unknownNames = 0;
    this.invalidValues = 0;
  }

  add(dt: number, parameter: number, value: number): void {
    const n = this.count;
    if (n >= this.dt.length) this.#grow();
    this.dt[n] = dt;
    this.parameter[n] = parameter;
    this.value[n] = value;
    this.count = n + 1;
  }

  /** Puts values into order of time; values of the same time keep their order. */
  sort(): void {
    const { count } = this;
    let sorted = true;
    for (let i = 1; i < count && sorted; i++) sorted = (this.dt[i - 1] as number) <= (this.dt[i] as number);
    if (sorted) return;
    const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => (this.dt[a] as number) - (this.dt[b] as number) || a - b);
    const dt = this.dt.slice(0, count);
    const parameter = this.parameter.slice(0, count);
    const value = this.value.slice(0, count);
    order.forEach((from, to) => {
      this.dt[to] = dt[from] as number;
      this.parameter[to] = parameter[from] as number;
      this.value[to] = value[from] as number;
    });
  }

  #grow(): void {
    const size = this.dt.length * 2;
    const dt = new Float64Array(size);
    dt.set(this.dt);
    this.dt = dt;
    const parameter = new Uint16Array(size);
    parameter.set(this.parameter);
    this.parameter = parameter;
    const value = new Float64Array(size);
    value.set(this.value);
    this.value = value;
  }
}
