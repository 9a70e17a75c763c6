import { AppError } from '../../kernel/error.ts';
import { assertNever } from '../../kernel/assert-never.ts';
import type { ParameterCatalogue } from '../telemetry/catalogue/index.ts';
import type { AlertCondition, Comparison } from './rule.ts';

/** The kinds of atoms, the leaves of conditions. The order is that of the operators in `symbolOf`. */
export const ATOM = { above: 0, atLeast: 1, below: 2, atMost: 3, equal: 4, different: 5, rate: 6, moved: 7, silent: 8 } as const;
export type AtomKind = (typeof ATOM)[keyof typeof ATOM];

const COMPARISON_KINDS = { '>': ATOM.above, '>=': ATOM.atLeast, '<': ATOM.below, '<=': ATOM.atMost, '=': ATOM.equal, '!=': ATOM.different } as const satisfies Record<Comparison, AtomKind>;

/** A leaf of a condition: true or false at every instant. Leaves that are equal are one atom. */
export interface Atom {
  readonly key: string;
  readonly kind: AtomKind;
  /** Parameter number; 0: the position (moved) or the vehicle as a whole (silent). */
  readonly parameter: number;
  /** Comparison: the limit. Rate: limit of the slope per minute. Moved: metres. Silent: ms. */
  readonly limit: number;
  /** Comparison: the dead-band. Rate: 1 where a slope of at least the limit counts, −1 at most. */
  readonly back: number;
  /** Rate: ms. */
  readonly window: number;
}

/** A condition over atoms. `repeat` numbers count per rule. */
export type Tree =
  | { readonly kind: 'atom'; readonly atom: number }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly index: number; readonly of: Tree; readonly count: number; /** ms */ readonly within: number };

/** What an atom makes of a sample: nothing (inside the dead-band), true, false. */
export const SYMBOL = { hold: 0, set: 1, reset: 2 } as const;

/** The symbol of a value for a comparison. */
export function symbolOf(kind: number, value: number, limit: number, back: number): number {
  switch (kind) {
    case ATOM.above:
      return value > limit ? SYMBOL.set : value <= limit - back ? SYMBOL.reset : SYMBOL.hold;
    case ATOM.atLeast:
      return value >= limit ? SYMBOL.set : back === 0 || value <= limit - back ? SYMBOL.reset : SYMBOL.hold;
    case ATOM.below:
      return value < limit ? SYMBOL.set : value >= limit + back ? SYMBOL.reset : SYMBOL.hold;
    case ATOM.atMost:
      return value <= limit ? SYMBOL.set : back === 0 || value >= limit + back ? SYMBOL.reset : SYMBOL.hold;
    case ATOM.equal:
      return value === limit ? SYMBOL.set : back === 0 || Math.abs(value - limit) >= back ? SYMBOL.reset : SYMBOL.hold;
    case ATOM.different:
      return value === limit ? SYMBOL.reset : back === 0 || Math.abs(value - limit) >= back ? SYMBOL.set : SYMBOL.hold;
    default:
      return SYMBOL.hold;
  }
}

/** Collects the atoms of conditions, equal ones once. */
export class AtomTable {
  readonly atoms: Atom[] = [];
  readonly #index = new Map<string, number>();
  readonly #catalogue: ParameterCatalogue;

  constructor(catalogue: ParameterCatalogue) {
    this.#catalogue = catalogue;
  }

  /** The tree of a condition. Throws AppError `invalid-input` where it names a parameter the catalogue has not. */
  treeOf(condition: AlertCondition, repeats: { count: number } = { count: 0 }): Tree {
    switch (condition.kind) {
      case 'compare':
        return this.#leaf(COMPARISON_KINDS[condition.op], condition.parameter, condition.value, condition.deadBand ?? 0, 0);
      case 'rate':
        return this.#leaf(ATOM.rate, condition.parameter, condition.perMinute, condition.op === '>=' ? 1 : -1, condition.window * 1000);
      case 'no-data':
        return this.#leaf(ATOM.silent, condition.parameter, condition.after * 1000, 0, 0);
      case 'moved':
        return this.#leaf(ATOM.moved, undefined, condition.metres, 0, 0);
      case 'all':
      case 'any':
        return { kind: condition.kind, of: condition.of.map((part) => this.treeOf(part, repeats)) };
      case 'repeat': {
        const of = this.treeOf(condition.condition, repeats);
        return { kind: 'repeat', index: repeats.count++, of, count: condition.count, within: condition.within * 1000 };
      }
      default:
        return assertNever(condition);
    }
  }

  /** Index of an atom, added where it is new. */
  add(kind: AtomKind, parameter: number, limit: number, back = 0, window = 0): number {
    const key = `${kind}:${parameter}:${limit}:${back}:${window}`;
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    this.#index.set(key, this.atoms.length);
    return this.atoms.push({ key, kind, parameter, limit, back, window }) - 1;
  }

  #leaf(kind: AtomKind, parameter: string | undefined, limit: number, back: number, window: number): Tree {
    const number = parameter === undefined ? 0 : this.#catalogue.numberOf(parameter);
    if (parameter !== undefined && number === 0) throw new AppError('invalid-input', `There is no parameter “${parameter}”.`, { parameter });
    if (parameter !== undefined && this.#catalogue.byNumber(number)?.kind === 'text') throw new AppError('invalid-input', `“${parameter}” is a text; a rule compares numbers.`, { parameter });
    return { kind: 'atom', atom: this.add(kind, number, limit, back, window) };
  }
}

/** Calls `visit` with every atom of a tree. */
export function forEachAtom(tree: Tree, visit: (atom: number) => void): void {
  if (tree.kind === 'atom') visit(tree.atom);
  else if (tree.kind === 'repeat') forEachAtom(tree.of, visit);
  else for (const part of tree.of) forEachAtom(part, visit);
}
