import ts from 'typescript';

/** Where a file reads texts. */
export interface Reads {
  /** The catalogue modules it imports readers from, as written, with the local names. */
  readonly imports: readonly { readonly from: string; readonly names: readonly string[] }[];
  /** Lines (from 1) with a text that is read once, when the module is loaded or the component is set up. */
  readonly once: readonly number[];
  /** Every string in the file that could be a key, and the patterns of those that are put together (`tab.*`). */
  readonly keys: ReadonlySet<string>;
  readonly patterns: readonly RegExp[];
}

/** The end of the name of a module that holds a catalogue. */
export const CATALOGUE = /(?:^|\/)(?:messages|[a-z-]+-messages|en)\.ts$/;
/** Callbacks of these run at once, so what they read is read where they stand. */
const IMMEDIATE = new Set(['map', 'flatMap', 'filter', 'forEach', 'reduce', 'toSorted', 'from', 'find', 'some', 'every']);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The script of a component at its own lines, or the source of a module. */
function scriptOf(path: string, source: string): string {
  if (!path.endsWith('.vue')) return source;
  const script = /<script[^>]*>([\s\S]*?)<\/script>/.exec(source);
  return script === null ? '' : '\n'.repeat(source.slice(0, script.index + script[0].indexOf('>')).split('\n').length - 1) + script[1];
}

function isDeferred(node: ts.Node): boolean {
  if (!ts.isFunctionLike(node)) return false;
  const { parent } = node;
  return !(ts.isCallExpression(parent) && parent.expression !== node && ts.isPropertyAccessExpression(parent.expression) && IMMEDIATE.has(parent.expression.name.text));
}

/** What a module or component of the renderer reads from catalogues. */
export function readsOf(path: string, source: string): Reads {
  const file = ts.createSourceFile(path, scriptOf(path, source), ts.ScriptTarget.Latest, true);
  const imports: { from: string; names: string[] }[] = [];
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier) || !CATALOGUE.test(statement.moduleSpecifier.text)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings && ts.isNamedImports(bindings)) imports.push({ from: statement.moduleSpecifier.text, names: bindings.elements.map((element) => element.name.text) });
  }
  const readers = new Set(imports.flatMap(({ names }) => names));
  const once: number[] = [];
  const visit = (node: ts.Node, deferred: boolean): void => {
    if (!deferred && ts.isCallExpression(node) && ts.isIdentifier(node.expression) && readers.has(node.expression.text)) once.push(file.getLineAndCharacterOfPosition(node.getStart()).line + 1);
    ts.forEachChild(node, (child) => visit(child, deferred || isDeferred(child)));
  };
  visit(file, false);
  return {
    imports,
    once,
    keys: new Set([...source.matchAll(/'([^'\n]*)'/g)].map((match) => match[1] ?? '')),
    patterns: [...source.matchAll(/`([\w.-]{2,}\$\{[^`]*)`/g)].map((match) => new RegExp(`^${(match[1] ?? '').split(/\$\{[^}]*\}/).map(escaped).join('.+')}$`)),
  };
}
