/** One fault of the suite: what is done to the product, and what has to hold afterwards. */
export interface Fault {
  readonly name: string;
  readonly describe: string;
  /** Runs `scale` times the usual amount. Throws where the promise does not hold; returns what was done, as a line. */
  run(options: { readonly scale: number; readonly seed: number; readonly say: (line: string) => void }): Promise<string>;
}

/** Fails the fault with words that say what does not hold. */
export function hold(condition: boolean, text: string): void {
  if (!condition) throw new Error(text);
}
