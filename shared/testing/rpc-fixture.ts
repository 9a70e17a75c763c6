import { z } from 'zod';
import { AppError } from '../kernel/error.ts';
import { SILENT_LOG, type Log, type LogFields } from '../kernel/ports.ts';
import type { Channel } from '../rpc/channel.ts';
import { createClient, type ChannelClient } from '../rpc/client.ts';
import { procedure, stream, type AccessRule } from '../rpc/definition.ts';
import { createDispatcher, type Dispatcher, type Limits } from '../rpc/dispatcher.ts';
import type { Handlers, StreamSink } from '../rpc/handlers.ts';
import type { ContractIdentity } from '../rpc/protocol.ts';

const anything = z.object({ value: z.unknown() });

/** A small contract with one of each kind; the conformance suite and the dispatcher's tests speak it. */
export const fixtureContract = {
  'test.echo': procedure({ input: anything, output: anything, access: 'public', doc: 'Returns what it was given.' }),
  'test.double': procedure({ input: z.object({ n: z.number().int().default(21) }), output: z.object({ n: z.number() }), access: 'public', doc: 'Twice the number.' }),
  'test.fail': procedure({ input: z.object({ how: z.enum(['expected', 'unexpected', 'no-json']) }), output: z.object({}), access: 'public', errors: ['conflict'], doc: 'Fails.' }),
  'test.wait': procedure({ input: z.object({}), output: z.object({}), access: 'public', doc: 'Answers when the test says so.' }),
  'test.signIn': procedure({ input: z.object({ user: z.string() }), output: z.object({}), access: 'public', doc: 'Binds the connection.' }),
  'test.whoAmI': procedure({ input: z.object({}), output: z.object({ user: z.string() }), access: 'signed-in', doc: 'The principal.' }),
  'test.secret': procedure({ input: z.object({}), output: z.object({}), access: { permission: 'secret' }, doc: 'For user "root" only.' }),
  'test.lie': procedure({ input: z.object({}), output: z.object({ n: z.number() }), access: 'public', doc: 'Answers outside of its contract.' }),
  'test.latest': stream({ input: z.object({}), item: anything, access: 'public', coalesce: { mode: 'latest' }, doc: 'Newest only.' }),
  'test.queue': stream({ input: z.object({}), item: anything, access: 'public', coalesce: { mode: 'queue', bound: 3 }, doc: 'In order, three wait at most.' }),
  'test.merge': stream({ input: z.object({}), item: anything, access: 'signed-in', coalesce: { mode: 'merge' }, doc: 'Built when asked for.' }),
};
export type FixtureContract = typeof fixtureContract;

export interface FixturePrincipal {
  readonly user: string;
}

/** One stream that the fixture's handler holds open. */
export interface OpenedStream {
  readonly sink: StreamSink<{ value?: unknown }>;
  disposed: boolean;
}

export interface LoggedLine {
  readonly message: string;
  readonly fields: LogFields | undefined;
}

/** A dispatcher over the fixture contract, with what happened inside it for the test to see. */
export interface RpcFixture {
  readonly dispatcher: Dispatcher<FixturePrincipal>;
  readonly log: LoggedLine[];
  readonly opened: Record<'test.latest' | 'test.queue' | 'test.merge', OpenedStream[]>;
  /** Calls of `test.wait` that are under way. */
  readonly waiting: { finish(): void; readonly cancelled: { readonly requested: boolean } }[];
  /** Serves `channel` and returns a client over `other`. */
  connect(pair: readonly [client: Channel, server: Channel], identity?: ContractIdentity): ChannelClient<FixtureContract>;
}

function authorise(rule: AccessRule, principal: FixturePrincipal | undefined): AppError | undefined {
  if (rule === 'public') return undefined;
  if (principal === undefined) return new AppError('not-signed-in', 'Sign in first.');
  return rule === 'signed-in' || principal.user === 'root' ? undefined : new AppError('forbidden', 'Not for you.');
}

export function rpcFixture(options: { readonly validateOutput?: boolean; readonly limits?: Partial<Limits>; readonly identity?: ContractIdentity } = {}): RpcFixture {
  const lines: LoggedLine[] = [];
  const log: Log = { ...SILENT_LOG, write: (_level, message, fields) => void lines.push({ message, fields }) };
  const opened: RpcFixture['opened'] = { 'test.latest': [], 'test.queue': [], 'test.merge': [] };
  const waiting: RpcFixture['waiting'] = [];
  let errors = 0;

  function hold(name: keyof RpcFixture['opened'], sink: StreamSink<{ value?: unknown }>) {
    const stream: OpenedStream = { sink, disposed: false };
    opened[name].push(stream);
    return { dispose: () => void (stream.disposed = true) };
  }

  const handlers: Handlers<FixtureContract, FixturePrincipal> = {
    'test.echo': (input) => ({ value: input.value }),
    'test.double': ({ n }) => ({ n: n * 2 }),
    'test.fail': ({ how }) => {
      if (how === 'expected') throw new AppError('conflict', 'Somebody else has it.', { holder: 'other', fields: ['vin'] });
      if (how === 'no-json') throw new AppError('conflict', 'With a date.', { when: new Date(0) });
      throw new Error('the disk is on fire');
    },
    'test.wait': (_input, { cancelled }) => new Promise((resolve) => waiting.push({ finish: () => resolve({}), cancelled })),
    'test.signIn': ({ user }, { connection }) => {
      connection.bindPrincipal({ user }, `session of ${user}`);
      return {};
    },
    'test.whoAmI': (_input, { principal }) => ({ user: principal?.user ?? 'nobody' }),
    'test.secret': () => ({}),
    'test.lie': () => ({ n: 'not a number' }) as unknown as { n: number },
    'test.latest': (_input, _context, sink) => hold('test.latest', sink),
    'test.queue': (_input, _context, sink) => hold('test.queue', sink),
    'test.merge': (_input, _context, sink) => hold('test.merge', sink),
  };
  const dispatcher = createDispatcher<FixtureContract, FixturePrincipal>({ contract: fixtureContract, handlers, authorise, log, newErrorId: () => `E-${++errors}`, ...options });

  return {
    dispatcher,
    log: lines,
    opened,
    waiting,
    connect([client, server], identity) {
      dispatcher.serve(server, { address: 'test' });
      return createClient(fixtureContract, client, identity);
    },
  };
}
