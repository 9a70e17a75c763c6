import ts from 'typescript';

/** A text that a source gives to people, with `{}` where it puts a value in. */
export interface SourceText {
  readonly text: string;
  /** Line, from 1. */
  readonly line: number;
}

/** Functions that take a text for people, with the place of the text among their arguments. */
const SPEAKERS: ReadonlyMap<string, number> = new Map([['AppError', 1], ['fieldError', 1], ['raise', 2], ['wrongCode', 0]]);

/**
 * The texts that a module of the core says: messages of `new AppError(…)`, `fieldError(…)` and notices (`raise(…)`), written out, by a constant
 * of the module, by a template or by either side of a condition. A text that is made elsewhere is found there.
 */
export function textsOf(path: string, source: string): readonly SourceText[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const constants = new Map<string, ts.Expression>();
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) if (ts.isIdentifier(name) && initializer) constants.set(name.text, initializer);
  }
  const found: SourceText[] = [];
  const add = (node: ts.Expression): void => {
    const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    if (ts.isStringLiteralLike(node)) found.push({ text: node.text, line });
    else if (ts.isTemplateExpression(node)) found.push({ text: node.head.text + node.templateSpans.map(({ literal }) => `{}${literal.text}`).join(''), line });
    else if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(add);
    else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) add(node.right);
    else if (ts.isIdentifier(node)) {
      const constant = constants.get(node.text);
      if (constant && ts.isStringLiteralLike(constant)) found.push({ text: constant.text, line });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const { expression, arguments: given } = node;
      const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : ts.isIdentifier(expression) ? expression.text : '';
      const place = SPEAKERS.get(name);
      const text = place === undefined ? undefined : given?.[place];
      if (text) add(text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found.filter(({ text }) => /[a-z]{2}/i.test(text.replaceAll('{}', '')));
}
