/** Text parameters kept per vehicle; more than any unit sends. */
const TEXT_LIMIT = 64;

/** A text value and the order key of its message. */
export interface TextCell {
  readonly parameter: number;
  readonly text: string;
  readonly key: number;
}

/** The last text of every text parameter. A text gives way to one with a greater (key, text), so the order of calls does not matter. */
export class LastTexts {
  #bySlot: (TextCell[] | undefined)[] = [];

  /** True where it changed. */
  put(slot: number, parameter: number, text: string, key: number): boolean {
    const list = (this.#bySlot[slot] ??= []);
    const at = list.findIndex((cell) => cell.parameter === parameter);
    const known = list[at];
    if (known !== undefined) {
      if (known.key > key || (known.key === key && known.text >= text)) return false;
      list[at] = { parameter, text, key };
      return true;
    }
    if (list.length >= TEXT_LIMIT) return false;
    list.push({ parameter, text, key });
    list.sort((a, b) => a.parameter - b.parameter);
    return true;
  }

  text(slot: number, parameter: number): string | undefined {
    return this.#bySlot[slot]?.find((cell) => cell.parameter === parameter)?.text;
  }

  /** By parameter number, ascending. */
  list(slot: number): readonly TextCell[] {
    return this.#bySlot[slot] ?? [];
  }

  clear(slot: number): void {
    this.#bySlot[slot] = undefined;
  }

  dropAfter(slot: number, key: number): void {
    this.#bySlot[slot] = this.#bySlot[slot]?.filter((cell) => cell.key <= key);
  }

  /** An estimate: two bytes a character, and the object around it. */
  get bytes(): number {
    return this.#bySlot.reduce((sum, list) => sum + (list ?? []).reduce((inner, cell) => inner + 64 + 2 * cell.text.length, 0), 0);
  }
}
