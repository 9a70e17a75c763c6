import type { DiagnosticList } from './diagnostics.ts';
import type { Facts, MessageDraft, Reference } from './facts.ts';
import type { DbcLimits } from './limits.ts';
import type { Scanner } from './scanner.ts';

/** Statements that are known and carry nothing this model keeps. */
export const IGNORED_KEYWORDS = [
  'EV_', 'ENVVAR_DATA_', 'EV_DATA_', 'SGTYPE_', 'SGTYPE_VAL_', 'BA_DEF_SGTYPE_', 'BA_SGTYPE_', 'SIG_TYPE_REF_', 'SIGTYPE_VALTYPE_', 'SIG_GROUP_', 'CAT_DEF_',
  'CAT_', 'FILTER', 'BA_DEF_REL_', 'BA_REL_', 'BA_DEF_DEF_REL_', 'BU_SG_REL_', 'BU_EV_REL_', 'BU_BO_REL_',
] as const;

const KEYWORDS: ReadonlySet<string> = new Set([
  'VERSION', 'NS_', 'BS_', 'BU_', 'BO_', 'SG_', 'BO_TX_BU_', 'VAL_TABLE_', 'VAL_', 'CM_', 'BA_DEF_', 'BA_DEF_DEF_', 'BA_', 'SIG_VALTYPE_', 'SG_MUL_VAL_',
  ...IGNORED_KEYWORDS,
]);

/** True for a word that begins a statement. */
export const isKeyword = (word: string): boolean => KEYWORDS.has(word);

/** What a statement reader needs: the text, where findings go, and the message that SG_ lines belong to. */
export interface Reading {
  readonly scanner: Scanner;
  readonly diagnostics: DiagnosticList;
  readonly facts: Facts;
  readonly limits: DbcLimits;
  message: MessageDraft | undefined;
  /** Signals of the pseudo message 0xC0000000 follow. */
  unused: boolean;
  signalCount: number;
}

/** Takes the semicolon; where it is missing, the statement ends before the next keyword. */
export function endStatement({ scanner, diagnostics }: Reading, keyword: string): void {
  if (scanner.failure !== undefined || scanner.accept(';')) return;
  if (scanner.atEnd() || isKeyword(scanner.peekWord())) diagnostics.add('warning', 'syntax', scanner.line(), `${keyword}: the semicolon before this line is missing.`);
  else scanner.fail('";"');
}

/**
 * Names up to `;`, a keyword on a new line, or something that is no name; commas are optional. A line without a comma
 * before it continues the list only where `overLines` says so.
 */
export function readNames(scanner: Scanner, overLines: boolean): string[] {
  const names: string[] = [];
  let comma = true;
  while (scanner.failure === undefined) {
    const fresh = scanner.atLineEnd();
    const word = scanner.peekWord();
    if (word === '' || (fresh && (isKeyword(word) || !(comma || overLines)))) break;
    names.push(scanner.word('a name'));
    comma = scanner.accept(',');
  }
  return names;
}

/** `BU_ name`, `BO_ id`, `SG_ id name`, `EV_ name`, or nothing for the database. */
export function readReference(scanner: Scanner): Reference {
  switch (scanner.peekWord()) {
    case 'BU_':
      scanner.word('BU_');
      return { target: 'node', name: scanner.word('a node name') };
    case 'EV_':
      scanner.word('EV_');
      return { target: 'environment', name: scanner.word('a variable name') };
    case 'BO_':
      scanner.word('BO_');
      return { target: 'message', id: scanner.number('a message id') };
    case 'SG_':
      scanner.word('SG_');
      return { target: 'signal', id: scanner.number('a message id'), name: scanner.word('a signal name') };
    default:
      return { target: 'database' };
  }
}
