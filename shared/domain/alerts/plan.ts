import { PARAMETER, type ParameterCatalogue } from '../telemetry/catalogue/index.ts';
import { ATOM, AtomTable, forEachAtom, type Atom, type Tree } from './atoms.ts';
import type { AlertRule } from './rule.ts';

/** A rule ready to run. */
export interface CompiledRule {
  readonly rule: AlertRule;
  readonly tree: Tree;
  /** Bits of the atoms it rests on. */
  readonly mask: Uint32Array;
  /** Judged by time of reception, and so exempt from order independence: it asks whether something is silent. */
  readonly byReception: boolean;
  /** ms */
  readonly onDelay: number;
  readonly offDelay: number;
  /** Ends by itself when its condition has ended. */
  readonly selfClearing: boolean;
  /** Number of `repeat` parts. */
  readonly repeats: number;
  /** Event time before a sample that its effect may rest on, ms; windows of rates aside, whose points are kept. */
  readonly reach: number;
}

/** What the vehicles of one model are watched for: rules by parameter, so that a value costs only the atoms that look at it. */
export interface AlertPlan {
  readonly rules: readonly CompiledRule[];
  readonly atoms: readonly Atom[];
  /** 32-bit words that hold one bit per atom. */
  readonly words: number;
  /** Atoms of parameter p: `atomList[atomStart[p] … atomStart[p + 1])`. */
  readonly atomStart: Uint32Array;
  readonly atomList: Uint16Array;
  /** Rules of atom a: `ruleList[ruleStart[a] … ruleStart[a + 1])`. */
  readonly ruleStart: Uint32Array;
  readonly ruleList: Uint16Array;
  readonly kind: Uint8Array;
  readonly limit: Float64Array;
  readonly back: Float64Array;
  /** Atoms of kind moved, rate and silent. */
  readonly moved: readonly number[];
  readonly rates: readonly number[];
  readonly silent: readonly number[];
  /** Of each atom of kind silent: its parameter (0: the vehicle) and its limit, ms. */
  readonly silentParameter: Uint16Array;
  readonly silentLimit: Float64Array;
  /** Where in a message its parameter was last found; messages of a model are alike. */
  readonly silentPlace: Uint16Array;
  /** Place of a rate atom among `rates`. */
  readonly rateOf: Uint16Array;
  /** Atoms the engine itself asks: ignition off, wheels turning, BMS bus lost. */
  readonly ignitionOff: number;
  readonly wheelsTurn: number;
  readonly bmsLost: number;
}

/** Compiles one rule for itself. Throws AppError `invalid-input` for parameters the catalogue has not. */
export function compileRule(rule: AlertRule, catalogue: ParameterCatalogue): CompiledRule {
  return compilePlan([rule], catalogue).rules[0] as CompiledRule;
}

/** The rules that look at any of these atoms (bits), each once. */
export function rulesOf(plan: AlertPlan, atoms: Uint32Array): Set<CompiledRule> {
  const rules = new Set<CompiledRule>();
  for (let w = 0; w < plan.words; w++) {
    for (let bits = atoms[w] as number; bits !== 0; bits &= bits - 1) {
      const atom = w * 32 + (31 - Math.clz32(bits & -bits));
      for (let k = plan.ruleStart[atom] as number; k < (plan.ruleStart[atom + 1] as number); k++) rules.add(plan.rules[plan.ruleList[k] as number] as CompiledRule);
    }
  }
  return rules;
}

/**
 * Compiles the rules of a vehicle model; disabled ones are left out. Throws AppError `invalid-input` for parameters the catalogue
 * has not.
 */
export function compilePlan(rules: readonly AlertRule[], catalogue: ParameterCatalogue): AlertPlan {
  const table = new AtomTable(catalogue);
  const ignitionOff = table.add(ATOM.equal, PARAMETER.ignition, 0);
  const wheelsTurn = table.add(ATOM.above, PARAMETER.speed, 0);
  const bmsLost = table.add(ATOM.equal, catalogue.numberOf('vcuFaultBmsLost'), 1);
  const trees = rules.map((rule) => {
    const repeats = { count: 0 };
    return { rule, tree: table.treeOf(rule.condition, repeats), repeats: repeats.count };
  });
  const { atoms } = table;
  const words = (atoms.length + 31) >> 5;
  const compiled = trees.map(({ rule, tree, repeats }) => compiledRule(rule, tree, repeats, atoms, words));
  const byAtom: number[][] = atoms.map(() => []);
  compiled.forEach(({ tree }, index) => forEachAtom(tree, (atom) => void (byAtom[atom]?.includes(index) || byAtom[atom]?.push(index))));
  const byParameter: number[][] = Array.from({ length: catalogue.highestNumber + 1 }, () => []);
  atoms.forEach(({ kind, parameter }, atom) => {
    if (parameter > 0) byParameter[parameter]?.push(atom);
    else if (kind === ATOM.moved) for (const axis of [PARAMETER.lat, PARAMETER.lon]) byParameter[axis]?.push(atom);
  });
  const [atomStart, atomList] = packed(byParameter);
  const [ruleStart, ruleList] = packed(byAtom);
  const ofKind = (kind: number): number[] => atoms.flatMap((atom, index) => (atom.kind === kind ? [index] : []));
  const [silent, rates] = [ofKind(ATOM.silent), ofKind(ATOM.rate)];
  return {
    rules: compiled, atoms, words, atomStart, atomList, ruleStart, ruleList,
    kind: Uint8Array.from(atoms, (atom) => atom.kind), limit: Float64Array.from(atoms, (atom) => atom.limit), back: Float64Array.from(atoms, (atom) => atom.back),
    moved: ofKind(ATOM.moved), rates, silent, silentParameter: Uint16Array.from(silent, (atom) => atoms[atom]?.parameter ?? 0), silentLimit: Float64Array.from(silent, (atom) => atoms[atom]?.limit ?? 0), silentPlace: new Uint16Array(silent.length),
    rateOf: Uint16Array.from(atoms, (_, atom) => Math.max(0, rates.indexOf(atom))), ignitionOff, wheelsTurn, bmsLost,
  };
}

function compiledRule(rule: AlertRule, tree: Tree, repeats: number, atoms: readonly Atom[], words: number): CompiledRule {
  const mask = new Uint32Array(words);
  let byReception = false;
  forEachAtom(tree, (index) => {
    const atom = atoms[index] as Atom;
    mask[index >> 5] = (mask[index >> 5] as number) | (1 << (index & 31));
    if (atom.kind === ATOM.silent) byReception = true;
  });
  const reach = (rule.onDelay + rule.offDelay) * 1000 + withinOf(tree);
  return { rule, tree, mask, byReception, onDelay: rule.onDelay * 1000, offDelay: rule.offDelay * 1000, selfClearing: rule.severity === 'low' && !rule.latched, repeats, reach };
}

function withinOf(tree: Tree): number {
  if (tree.kind === 'atom') return 0;
  return tree.kind === 'repeat' ? tree.within + withinOf(tree.of) : Math.max(...tree.of.map(withinOf));
}

/** Lists behind one another, and where each begins. */
function packed(lists: readonly (readonly number[])[]): [Uint32Array, Uint16Array] {
  const start = new Uint32Array(lists.length + 1);
  lists.forEach((list, index) => void (start[index + 1] = (start[index] as number) + list.length));
  return [start, Uint16Array.from(lists.flat())];
}
