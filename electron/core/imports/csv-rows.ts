import { createReadStream } from 'node:fs';
import { AppError } from '#shared/kernel/error.ts';
import type { RawRow } from '#shared/resources/import-template.ts';
import { COLUMNS_READ, TEXT_READ } from './sheet-rows.ts';

/** Below it quotes are taken to be closed; a file with an open one would be one cell. */
const FIELD_LIMIT = 100_000;
const DELIMITERS = [',', ';', '\t'] as const;

/** Writers of CSV put an apostrophe before what a spreadsheet would run (csv-writer.ts); it is no part of the text. */
function plain(text: string): string | undefined {
  if (text === '') return undefined;
  return (/^'[=+\-@\t\r\n]/.test(text) ? text.slice(1) : text).slice(0, TEXT_READ);
}

/** The delimiter that the first line has most of; spreadsheets of some countries write semicolons. */
function delimiterOf(text: string): string {
  const line = text.split(/\r?\n/, 1)[0] ?? '';
  return DELIMITERS.map((delimiter) => ({ delimiter, count: line.split(delimiter).length })).sort((a, b) => b.count - a.count)[0]?.delimiter ?? ',';
}

/** Splits text that comes in pieces into rows (RFC 4180). */
class CsvParser {
  #delimiter: string | undefined;
  #field = '';
  #fields: string[] = [];
  #quoted = false;
  /** A quote inside a quoted field: the end of it, unless another follows. */
  #closing = false;
  #line = 1;
  #rowLine = 1;

  *push(text: string): Generator<RawRow> {
    this.#delimiter ??= delimiterOf(text);
    for (const character of text) {
      if (this.#closing) {
        this.#closing = false;
        if (character === '"') {
          this.#field += '"';
          continue;
        }
        this.#quoted = false;
      } else if (this.#quoted) {
        if (character === '"') this.#closing = true;
        else {
          if (character === '\n') this.#line += 1;
          this.#add(character);
        }
        continue;
      }
      if (character === '"' && this.#field === '') this.#quoted = true;
      else if (character === this.#delimiter) this.#endField();
      else if (character === '\n') {
        yield* this.#endRow();
        this.#line += 1;
        this.#rowLine = this.#line;
      } else if (character !== '\r') this.#add(character);
    }
  }

  *end(): Generator<RawRow> {
    if (this.#quoted && !this.#closing) throw new AppError('invalid-input', `A quotation mark in row ${this.#rowLine} is never closed. Put it right and upload the file again.`);
    if (this.#field !== '' || this.#fields.length > 0) yield* this.#endRow();
  }

  #add(character: string): void {
    this.#field += character;
    if (this.#field.length > FIELD_LIMIT) throw new AppError('invalid-input', `A cell in row ${this.#rowLine} is far too long, or a quotation mark in it is never closed. Put it right and upload the file again.`);
  }

  #endField(): void {
    if (this.#fields.length < COLUMNS_READ) this.#fields.push(this.#field);
    this.#field = '';
  }

  *#endRow(): Generator<RawRow> {
    this.#endField();
    const cells = this.#fields.map(plain);
    this.#fields = [];
    if (cells.some((cell) => cell !== undefined)) yield { line: this.#rowLine, cells };
  }
}

/** The rows of a CSV file in UTF-8, delimited by comma, semicolon or tab; blank ones are left out. Throws AppError invalid-input. */
export async function* csvRows(path: string): AsyncGenerator<RawRow> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parser = new CsvParser();
  const decode = (piece?: Uint8Array): string => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
    } catch (error) {
      throw new AppError('invalid-input', 'The text is not UTF-8. Save the file as “CSV UTF-8” or .xlsx and upload it again.', undefined, { cause: error });
    }
  };
  for await (const piece of createReadStream(path)) yield* parser.push(decode(piece as Uint8Array));
  yield* parser.push(decode());
  yield* parser.end();
}
