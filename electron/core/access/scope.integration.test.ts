import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract } from '#shared/contract/index.ts';
import { ROLES, type Role } from '#shared/domain/access/permissions.ts';
import { verdict, type Rule } from '#shared/domain/access/policy.ts';
import { permissionsOf } from '#shared/domain/access/permissions.ts';
import type { AppErrorData } from '#shared/kernel/error.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Subject } from '#shared/testing/scope/scope-case.ts';
import { SCOPE_CASES } from '#shared/testing/scope/scope-cases.ts';
import { MISSING, openScopeWorld, type Client, type ScopeWorld } from '#shared/testing/scope/scope-world.ts';

/** A stream is asked for its first items this long, ms. */
const LISTEN = 700;
const EXPORT = 20_000;
/** Members that tell the time or count changes: they differ between any two answers. */
const MOVING = new Set(['asOf', 'revision', 'epoch', 'until', 'requestId']);

type Answer = { readonly value: unknown } | { readonly error: AppErrorData };
type Loose = { call(name: string, input: unknown): Promise<unknown>; open(name: string, input: unknown, listener: object): { dispose(): void } };

let world: ScopeWorld;
beforeAll(async () => void (world = await openScopeWorld()), 120_000);
afterAll(() => (world as ScopeWorld | undefined)?.stop());

const names = Object.keys(contract);
const isStream = (name: string): boolean => contract[name as keyof typeof contract].kind === 'stream';

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

test('everything that can be asked says how it behaves under a customer scope', () => {
  expect(names.filter((name) => !Object.hasOwn(SCOPE_CASES, name)), 'add a case to shared/testing/scope/scope-cases.ts').toEqual([]);
  expect(Object.keys(SCOPE_CASES).filter((name) => !names.includes(name)), 'no longer in the contract').toEqual([]);
});

describe.each(names.map((name) => [name, SCOPE_CASES[name] ?? []] as const))('%s', (name, cases) => {
  const rule = contract[name as keyof typeof contract].access as Rule;

  test('is refused to every role that does not hold its permission', async () => {
    const [first] = cases;
    if (first === undefined) return;
    const input = first.kind === 'subject' ? first.input(world.things.own, world.things) : first.input(world.things);
    for (const role of Object.keys(ROLES) as Role[]) {
      const misRole = role === 'super-admin' || role === 'admin' ? 'ADMIN' : 'USER';
      if (verdict(rule, { permissions: permissionsOf(role, misRole) }) === 'allowed') continue;
      const answer = await ask(await world.role(role), name, input);
      expect(answer, role).toMatchObject({ error: { code: 'forbidden', details: rule } });
    }
  });

  for (const [index, one] of cases.entries()) {
    test(`under a customer scope: ${one.kind}${cases.length > 1 ? ` (${index + 1})` : ''}`, async () => {
      const { things, limited, all } = world;
      switch (one.kind) {
        case 'subject': {
          const [foreign, missing] = [await ask(limited, name, one.input(things.foreign, things)), await ask(limited, name, one.input(MISSING, things))];
          expect(neutral(foreign, things.foreign)).toBe(neutral(missing, MISSING));
          expect(leaks(foreign, one.input(things.foreign, things))).toEqual([]);
          if (one.own === 'differs') expect(neutral(await ask(limited, name, one.input(things.own, things)), things.own), 'the own one is answered otherwise').not.toBe(neutral(missing, MISSING));
          return;
        }
        case 'filtered': {
          const input = one.input(things);
          const provoke = one.provoke !== true ? undefined : () => touch([things.foreign, things.own]);
          const answer = await ask(limited, name, input, provoke);
          expect(answer).toHaveProperty('value');
          expect(leaks(answer, input)).toEqual([]);
          if (one.control === 'no foreign rows') return;
          expect(leaks(await ask(all, name, input, provoke), input), 'who sees all sees what is kept from others').not.toEqual([]);
          return;
        }
        case 'shared':
        case 'self': {
          if (!one.run) return;
          const input = one.input(things);
          expect(leaks(await ask(limited, name, input), input)).toEqual([]);
          return;
        }
        case 'everything':
          expect(await ask(limited, name, one.input(things))).toMatchObject({ error: { code: 'forbidden' } });
      }
    });
  }
});

/** Changes the sales of these subjects, one after the other. */
async function touch(subjects: readonly Subject[]): Promise<void> {
  for (const { saleId } of subjects) {
    const { revision } = await world.all.call('sale.get', { id: saleId });
    await world.all.call('sale.update', { id: saleId, revision, edit: { set: { address1: `House ${revision}` } } });
  }
}

describe('counts', () => {
  test('of alerts are those of the list', async () => {
    const { total } = await world.limited.call('alerts.list', { filter: {}, offset: 0, limit: 1 });
    const [summary] = (await listen(world.limited as unknown as Loose, 'alerts.summary', {})) as { tabs: Record<string, { open: number }> }[];
    expect(Object.values(summary!.tabs).reduce((sum, { open }) => sum + open, 0)).toBe(total);
    const everybody = await world.all.call('alerts.list', { filter: {}, offset: 0, limit: 1 });
    expect(everybody.total).toBeGreaterThan(total);
  });

  test('of vehicles are those of the directory', async () => {
    const { vehicles } = await world.limited.call('fleet.directory', {});
    expect((await world.limited.call('fleet.list', { filter: {}, offset: 0, limit: 1 })).total).toBe(vehicles.length);
    expect(new Set(vehicles.map(({ customerId }) => customerId))).toEqual(new Set([world.things.own.customerId]));
  });
});
