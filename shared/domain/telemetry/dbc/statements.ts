import { readMessage, readSignal, skipSignals } from './message-statements.ts';
import { readAttribute, readDefault, readDefinition } from './attribute-statements.ts';
import type { DbcChoice, DbcRange } from './model.ts';
import { endStatement, IGNORED_KEYWORDS, isKeyword, readNames, readReference, type Reading } from './reading.ts';
import type { Scanner } from './scanner.ts';

type Statement = (reading: Reading, line: number) => void;

/** Readers by keyword; each starts behind the keyword and ends behind the statement. */
const STATEMENTS: ReadonlyMap<string, Statement> = new Map<string, Statement>([
  ['VERSION', ({ scanner, facts }) => { facts.version = scanner.string('the version in quotes'); scanner.accept(';'); }],
  ['NS_', readNewSymbols],
  ['BS_', skipBitTiming],
  ['BU_', readNodes],
  ['BO_', readMessage],
  ['SG_', readSignal],
  ['BO_TX_BU_', readSenders],
  ['VAL_TABLE_', readValueTable],
  ['VAL_', readChoices],
  ['CM_', readComment],
  ['BA_DEF_', readDefinition],
  ['BA_DEF_DEF_', readDefault],
  ['BA_', readAttribute],
  ['SIG_VALTYPE_', readValueType],
  ['SG_MUL_VAL_', readMultiplexing],
  ...IGNORED_KEYWORDS.map((keyword): [string, Statement] => [keyword, skipStatement]),
]);

/** First pass: reads every statement into `reading.facts`; a statement that cannot be read costs itself only. */
export function readStatements(reading: Reading): void {
  const { scanner, diagnostics } = reading;
  while (!scanner.atEnd()) {
    const start = scanner.position;
    const line = scanner.lines.lineAt(start);
    const keyword = scanner.peekWord();
    const statement = STATEMENTS.get(keyword);
    if (statement === undefined) {
      if (keyword !== '' || scanner.peek() !== ';') diagnostics.add('warning', 'unknown-statement', line, `"${scanner.text.slice(start, start + 20).split(/[\r\n]/, 1)[0]}" starts no DBC statement; skipped.`);
      toNextStatement(scanner, start + 1);
      continue;
    }
    scanner.position += keyword.length;
    statement(reading, line);
    const { failure } = scanner;
    if (failure === undefined) continue;
    const where = scanner.lines.lineAt(Math.min(failure.position, scanner.text.length));
    const found = scanner.text.slice(failure.position, failure.position + 20).split(/[\r\n]/, 1)[0];
    diagnostics.add('error', failure.expected === 'a closing quote' ? 'unclosed-string' : 'syntax', where, `${keyword}: ${failure.expected} expected${found === '' ? '' : `, found "${found}"`}; statement skipped.`);
    toNextStatement(scanner, start + 1);
    if (keyword === 'BO_') skipSignals(reading);
  }
}

/** Moves to the next line, after `from`, that begins with a keyword. */
function toNextStatement(scanner: Scanner, from: number): void {
  for (let at = scanner.lines.nextLine(from); ; at = scanner.lines.nextLine(at)) {
    scanner.recover(at);
    if (at >= scanner.text.length) return;
    scanner.skipSpace();
    at = scanner.position;
    if (isKeyword(scanner.peekWord())) return;
  }
}

/** The symbols listed under NS_ mean nothing, but look like statements. */
function readNewSymbols({ scanner }: Reading): void {
  scanner.accept(':');
  for (;;) {
    const word = scanner.peekWord();
    if (!/^[A-Za-z_]+$/.test(word)) return;
    const start = scanner.position;
    scanner.position += word.length;
    if (scanner.atLineEnd() && (word.endsWith('_') || word === 'FILTER')) continue;
    const next = scanner.peekWord();
    if (next !== 'BO_' && next !== 'SG_' && next !== 'BU_' && /^[A-Za-z_]+_$|^FILTER$/.test(next)) continue;
    scanner.position = start;
    return;
  }
}

function skipBitTiming({ scanner }: Reading): void {
  scanner.accept(':');
  while (!scanner.atLineEnd() && scanner.peek() !== ';') scanner.position++;
  scanner.accept(';');
}

function readNodes({ scanner, facts }: Reading): void {
  scanner.expect(':');
  for (const name of readNames(scanner, true)) facts.nodes.push({ name, comment: undefined, attributes: undefined });
  scanner.accept(';');
}

function readSenders(reading: Reading, line: number): void {
  const { scanner } = reading;
  const id = scanner.number('a message id');
  scanner.accept(':');
  const names = readNames(scanner, true);
  endStatement(reading, 'BO_TX_BU_');
  if (scanner.failure === undefined) reading.facts.senders.push({ line, id, names });
}

/** `0 "Off" 1 "On"` up to the semicolon. */
function readChoiceList(scanner: Scanner): DbcChoice[] {
  const choices: DbcChoice[] = [];
  while (scanner.failure === undefined && /[-+.\d]/.test(scanner.peek())) {
    const value = scanner.number('a value');
    const label = scanner.string('a label in quotes');
    if (Number.isFinite(value)) choices.push({ value, label });
  }
  return choices;
}

function readValueTable(reading: Reading): void {
  const { scanner, facts } = reading;
  const name = scanner.word('the name of the table');
  const choices = readChoiceList(scanner);
  endStatement(reading, 'VAL_TABLE_');
  if (scanner.failure === undefined) facts.valueTables.set(name, choices);
}

function readChoices(reading: Reading, line: number): void {
  const { scanner, facts } = reading;
  if (!/\d/.test(scanner.peek())) return skipStatement(reading);
  const id = scanner.number('a message id');
  const name = scanner.word('a signal name');
  const isTable = /[A-Za-z_]/.test(scanner.peek()) && !isKeyword(scanner.peekWord());
  const table = isTable ? scanner.word('the name of a table') : readChoiceList(scanner);
  endStatement(reading, 'VAL_');
  if (scanner.failure === undefined) facts.choices.push({ line, reference: { target: 'signal', id, name }, table });
}

function readComment(reading: Reading, line: number): void {
  const { scanner, facts } = reading;
  const reference = readReference(scanner);
  const text = scanner.string('a comment in quotes');
  endStatement(reading, 'CM_');
  if (scanner.failure === undefined) facts.comments.push({ line, reference, text });
}

function readValueType(reading: Reading, line: number): void {
  const { scanner, facts } = reading;
  const id = scanner.number('a message id');
  const name = scanner.word('a signal name');
  scanner.accept(':');
  const type = scanner.number('0, 1, 2 or 3');
  endStatement(reading, 'SIG_VALTYPE_');
  if (scanner.failure === undefined) facts.valueTypes.push({ line, reference: { target: 'signal', id, name }, type });
}

function readMultiplexing(reading: Reading, line: number): void {
  const { scanner, facts } = reading;
  const id = scanner.number('a message id');
  const name = scanner.word('a signal name');
  const selector = scanner.word('the name of the multiplexor');
  const ranges: DbcRange[] = [];
  do {
    const from = scanner.number('a range such as 1-3');
    const to = scanner.accept('-') ? scanner.number('the end of the range') : from;
    ranges.push(from <= to ? [from, to] : [to, from]);
  } while (scanner.accept(',') || /\d/.test(scanner.peek()) && scanner.failure === undefined);
  endStatement(reading, 'SG_MUL_VAL_');
  if (scanner.failure === undefined) facts.multiplexing.push({ line, reference: { target: 'signal', id, name }, selector, ranges });
}

/** Skips a statement that is known and carries nothing this model keeps. */
function skipStatement({ scanner }: Reading): void {
  while (scanner.failure === undefined && !scanner.atEnd()) {
    const fresh = scanner.atLineEnd();
    const next = scanner.peek();
    if (next === '"') scanner.string('a string');
    else {
      const word = scanner.peekWord();
      if (fresh && isKeyword(word)) return;
      scanner.position += Math.max(1, word.length);
      if (next === ';') return;
    }
  }
}
