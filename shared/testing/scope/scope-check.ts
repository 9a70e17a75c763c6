import ExcelJS from 'exceljs';
import { contract } from '../../contract/index.ts';
import { assertNever } from '../../kernel/assert-never.ts';
import { AppError, type AppErrorData } from '../../kernel/error.ts';
import type { ScopeCase, Subject } from './scope-case.ts';
import { MISSING, type Client, type ScopeWorld } from './scope-world.ts';

/** A stream is asked for its first items this long, ms. */
const LISTEN = 700;
const EXPORT = 20_000;
/** Members that tell the time or count changes: they differ between any two answers. */
const MOVING = new Set(['asOf', 'revision', 'epoch', 'until', 'requestId']);

export type Answer = { readonly value: unknown } | { readonly error: AppErrorData };
type Loose = { call(name: string, input: unknown): Promise<unknown>; open(name: string, input: unknown, listener: object): { dispose(): void } };

const isStream = (name: string): boolean => contract[name as keyof typeof contract].kind === 'stream';

/** Asks a world for what the cases say, and tells what is wrong with the answers. */
export interface ScopeCheck {
  ask(client: Client, name: string, input: unknown): Promise<Answer>;
  /** The first items of a stream. */
  listen(client: Client, name: string, input: unknown): Promise<unknown>;
  /** What is wrong with the answers to one case, in words; nothing where it holds. */
  problems(name: string, one: ScopeCase): Promise<string[]>;
}

export function createScopeCheck(world: ScopeWorld): ScopeCheck {
  /** What a file for download holds, as text. */
  async function fileText(url: string): Promise<string> {
    const file = world.core.takeDownload(url.split('/').at(-1) ?? '');
    if (file === undefined) throw new Error('the file is not there');
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(file.path);
    const cells: string[] = [];
    book.eachSheet((sheet) => sheet.eachRow((row) => row.eachCell((cell) => void cells.push(String(cell.text)))));
    return cells.join('\n');
  }

  async function ask(client: Client, name: string, input: unknown, provoke?: () => Promise<void>): Promise<Answer> {
    const loose = client as unknown as Loose;
    try {
      if (!isStream(name)) return { value: await loose.call(name, input) };
      return { value: await listen(loose, name, input, provoke) };
    } catch (error) {
      if (error instanceof AppError) return { error: error.toData() };
      throw error;
    }
  }

  function listen(client: Loose, name: string, input: unknown, provoke?: () => Promise<void>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const items: unknown[] = [];
      const isExport = name.endsWith('.export');
      let reading: Promise<unknown> = Promise.resolve();
      const end = (): void => {
        clearTimeout(timer);
        stream.dispose();
        reading.then(() => resolve(items), reject);
      };
      const timer = setTimeout(end, isExport ? EXPORT : LISTEN);
      const stream = client.open(name, input, {
        onItem(item: { state?: string; url?: string }) {
          items.push(item);
          if (item.state === 'ready' && item.url !== undefined) reading = fileText(item.url).then((text) => items.push(text));
        },
        onEnd: end,
        onError(error: unknown) {
          clearTimeout(timer);
          reject(error as Error);
        },
      });
      provoke?.().catch(reject);
    });
  }

  /** An answer as text: typed arrays as lists, slots of the live fleet as vehicles, without what moves. */
  function textOf(answer: Answer): string {
    return JSON.stringify(answer, (key, value: unknown) => {
      if (MOVING.has(key)) return undefined;
      if (key === 'slot' && value instanceof Uint32Array) return Array.from(value, (slot) => world.vehicleOfSlot.get(slot));
      return ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value;
    });
  }

  /** The same without what was asked for, so that the answers about two things can be compared. */
  function neutral(answer: Answer, subject: Subject): string {
    let text = textOf(answer);
    for (const [key, value] of Object.entries(subject)) if (value !== '') text = text.replaceAll(String(value), `<${key}>`).replaceAll(String(value).toLowerCase(), `<${key}>`);
    return text;
  }

  function leaks(answer: Answer, input: unknown): string[] {
    const asked = JSON.stringify(input, (_key, value: unknown) => (ArrayBuffer.isView(value) ? undefined : value));
    const text = textOf(answer);
    return world.foreignTexts.filter((foreign) => text.includes(foreign) && !asked.includes(foreign));
  }

  /** Changes the sales of these subjects, one after the other. */
  async function touch(subjects: readonly Subject[]): Promise<void> {
    for (const { saleId } of subjects) {
      const { revision } = await world.all.call('sale.get', { id: saleId });
      await world.all.call('sale.update', { id: saleId, revision, edit: { set: { address1: `House ${revision}` } } });
    }
  }

  async function problems(name: string, one: ScopeCase): Promise<string[]> {
    const { things, limited, all } = world;
    const found: string[] = [];
    const leaked = (answer: Answer, input: unknown): void => void found.push(...leaks(answer, input).map((text) => `shows ${text} of another customer`));
    switch (one.kind) {
      case 'subject': {
        const [foreign, missing] = [await ask(limited, name, one.input(things.foreign, things)), await ask(limited, name, one.input(MISSING, things))];
        const [told, nothing] = [neutral(foreign, things.foreign), neutral(missing, MISSING)];
        if (told !== nothing) found.push(`tells another customer’s from a missing one: ${told} and not ${nothing}`);
        leaked(foreign, one.input(things.foreign, things));
        if (one.own === 'differs' && neutral(await ask(limited, name, one.input(things.own, things)), things.own) === nothing) found.push('answers the own one as a missing one');
        return found;
      }
      case 'filtered': {
        const input = one.input(things);
        const provoke = one.provoke !== true ? undefined : () => touch([things.foreign, things.own]);
        const answer = await ask(limited, name, input, provoke);
        if ('error' in answer) found.push(`is refused: ${textOf(answer)}`);
        leaked(answer, input);
        if (one.control === 'shows foreign' && leaks(await ask(all, name, input, provoke), input).length === 0) found.push('does not show to who sees all what is kept from others');
        return found;
      }
      case 'shared':
      case 'self': {
        const input = one.input(things);
        if (one.run) leaked(await ask(limited, name, input), input);
        return found;
      }
      case 'everything': {
        const answer = await ask(limited, name, one.input(things));
        if (!('error' in answer) || answer.error.code !== 'forbidden') found.push(`is not refused: ${textOf(answer)}`);
        return found;
      }
      default:
        return assertNever(one);
    }
  }

  return { ask, problems, listen: (client, name, input) => listen(client as unknown as Loose, name, input) };
}
