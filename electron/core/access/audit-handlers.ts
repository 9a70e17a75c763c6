import type { AuditFilter, AuditGroup, AuditRow } from '#shared/contract/audit.ts';
import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { disposable } from '#shared/kernel/disposable.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock, Log } from '#shared/kernel/ports.ts';
import { takeTurns } from '#shared/platform-node/turns.ts';
import { RESOURCES } from '#shared/resources/registry.ts';
import { user } from '#shared/resources/user.ts';
import { principalOf, type CallContext, type Handlers } from '#shared/rpc/handlers.ts';
import { verifyAudit } from '#shared/sync/audit.ts';
import type { Exchange } from '#core/exchange/exchange.ts';
import { wallClock, wordOf, type ExportColumn, type ExportRow } from '#core/exchange/grid-file.ts';
import { countAudit, lastAuditSequence, listAudit, searchAudit, type AuditQuery, type StoredAudit } from '#core/store/operations/local/audit-reads.ts';
import type { Operations } from '#core/store/operations/operations.ts';
import { AuditWords } from './audit-words.ts';

type AuditKey = 'audit.list' | 'audit.options' | 'audit.verify' | 'audit.export';

/** Entries that are checked between two turns of the event loop: a few milliseconds of hashing. */
const SLICE = 200;
/** Entries that are read and searched at a time. */
const PAGE = 200;

/** Kinds by group; `%` stands for any rest. */
const GROUPS: Readonly<Record<AuditGroup, readonly string[]>> = {
  signIns: ['sign-in', 'sign-out'],
  refusals: ['%-refused'],
  access: ['password-changed', 'password-reset', '%-code-issued', 'user-activated', 'session-ended', 'second-factor-set', 'second-factor-removed', 'recovery-%', 'wallboard-%', 'audit-%'],
  changes: ['mutation'],
};

const EXPORT_COLUMNS: readonly ExportColumn[] = [
  { label: 'No', type: 'number', decimals: 0, width: 70 }, { label: 'Time', type: 'instant', width: 170 }, { label: 'User', type: 'text', width: 160 }, { label: 'E-mail', type: 'text', width: 200 },
  { label: 'What', type: 'text', width: 180 }, { label: 'Subject', type: 'text', width: 220 }, { label: 'Before and after', type: 'text', width: 500 }, { label: 'Address', type: 'text', width: 130 }, { label: 'Client', type: 'text', width: 180 }, { label: 'Hash', type: 'text', width: 400 },
];

/** Handlers of the audit log. It holds what was changed for every customer, so that only who sees all of them reads it. */
export function auditHandlers({ operations, exchange, clock, log }: { readonly operations: Operations; readonly exchange: Exchange; readonly clock: Clock; readonly log: Log }): Pick<Handlers<AppContract, Principal>, AuditKey> {
  const { read, nodeId } = operations;

  function requireAll(context: CallContext<Principal>): Principal {
    const principal = principalOf(context);
    if (principal.scope !== 'all') throw new AppError('forbidden', 'The audit log is open to users who see all customers.');
    return principal;
  }

  const queryOf = ({ groups, search: _search, ...filter }: AuditFilter): Omit<AuditQuery, 'limit'> => ({ ...filter, nodeId, ...(groups === undefined || groups.length === 0 ? {} : { kinds: groups.flatMap((group) => GROUPS[group]) }) });

  /** Entries of a filter page by page, newest first; a text is looked for in turns with everything else. */
  async function* pagesOf(filter: AuditFilter, before?: number): AsyncGenerator<readonly StoredAudit[]> {
    const query = { ...queryOf(filter), before };
    if ((filter.search ?? '').trim() !== '') {
      const turn = takeTurns(clock);
      for (const page of searchAudit(read.database, query, filter.search ?? '', PAGE)) {
        if (page.length > 0) yield page;
        await turn();
      }
      return;
    }
    for (let after = before; ; ) {
      const page = listAudit(read.database, { ...query, before: after, limit: PAGE });
      if (page.length > 0) yield page;
      if (page.length < PAGE) return;
      after = page.at(-1)?.sequence;
    }
  }

  async function count(filter: AuditFilter, signal: { readonly aborted: boolean }): Promise<number> {
    if ((filter.search ?? '').trim() === '') return countAudit(read.database, queryOf(filter));
    let total = 0;
    for await (const page of pagesOf(filter)) {
      if (signal.aborted) break;
      total += page.length;
    }
    return total;
  }

  /** Goes through the chain slice by slice; undefined: stopped. */
  async function verify(signal: { readonly stopped: boolean }, tell: (checked: number, total: number) => void): Promise<{ checked: number; total: number; from?: number; to?: number; brokenAt?: number; head?: string } | undefined> {
    const total = lastAuditSequence(read.database, nodeId);
    const turn = takeTurns(clock);
    let last: { sequence: number; hash: string } | undefined;
    let from: number | undefined;
    let to: number | undefined;
    while ((last?.sequence ?? 0) < total) {
      if (signal.stopped) return undefined;
      const after = last?.sequence ?? 0;
      const entries = read.audit(nodeId, { after, limit: SLICE });
      const brokenAt = entries.length === 0 ? after + 1 : verifyAudit(entries, last);
      from ??= entries[0]?.at;
      if (brokenAt !== undefined) return { checked: brokenAt - 1, total, brokenAt, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      last = entries.at(-1);
      to = entries.at(-1)?.at;
      tell(last?.sequence ?? 0, total);
      await turn();
    }
    return { checked: total, total, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), ...(last === undefined ? {} : { head: last.hash }) };
  }

  return {
    'audit.list': async ({ filter, before, limit }, context) => {
      requireAll(context);
      const entries: StoredAudit[] = [];
      for await (const page of pagesOf(filter, before)) {
        entries.push(...page);
        if (entries.length > limit) break;
      }
      const words = new AuditWords(read, nodeId);
      return { rows: entries.slice(0, limit).map((entry) => words.row(entry)), more: entries.length > limit };
    },

    'audit.options': (_input, context) => {
      requireAll(context);
      return {
        users: read.all(user).map(({ id, name }) => ({ userId: id, name })).sort((a, b) => (a.name < b.name ? -1 : 1)),
        resources: RESOURCES.map(({ name, label }) => ({ name, label: label.one })).sort((a, b) => (a.label < b.label ? -1 : 1)),
      };
    },

    'audit.verify': (_input, context, sink) => {
      const principal = requireAll(context);
      const signal = { stopped: false };
      verify(signal, (checked, total) => sink.push({ state: 'running', checked, total }))
        .then(async (result) => {
          if (result === undefined) return;
          sink.push({ state: result.brokenAt === undefined ? 'intact' : 'broken', ...result });
          sink.end();
          await operations.audit({ kind: 'audit-verified', userId: principal.userId, subject: '', payload: { checked: result.checked, ...(result.brokenAt === undefined ? {} : { brokenAt: result.brokenAt }) } });
        })
        .catch((error: unknown) => (signal.stopped ? log.write('warn', 'the audit log could not be verified', { error }) : sink.fail(error)));
      return disposable(() => (signal.stopped = true));
    },

    'audit.export': ({ filter, timeZone }, context, sink) => {
      const principal = requireAll(context);
      const signal = { aborted: false };
      const words = new AuditWords(read, nodeId);
      async function* pages(): AsyncGenerator<readonly ExportRow[]> {
        const local = wallClock(timeZone);
        for await (const page of pagesOf(filter)) yield page.map((entry) => exportRow(words.row(entry), local));
      }
      sink.push({ done: 0, total: 0, state: 'running' });
      count(filter, signal)
        .then(async (total) => {
          await operations.audit({ kind: 'audit-exported', userId: principal.userId, subject: '', payload: { entries: total } });
          return exchange.exportGrid({ title: 'Audit log', columns: EXPORT_COLUMNS, timeZone, rows: pages(), total, signal, onProgress: (done) => sink.push({ done, total: Math.max(done, total), state: 'running' }) });
        })
        .then(({ url, fileName, rows }) => {
          sink.push({ done: rows, total: rows, state: 'ready', url, fileName });
          sink.end();
        })
        .catch((error: unknown) => signal.aborted || sink.fail(error));
      return disposable(() => (signal.aborted = true));
    },
  };
}

type Field = AuditRow['changes'][number]['fields'][number];

/** A value as the rest of the file shows it: an instant in the reader's zone, yes and no in words. */
function shown(type: Field['type'], value: Field['from'], local: (instant: number) => number): string {
  if (value === undefined) return '–';
  if (type === 'instant' && typeof value === 'number') return new Date(local(value)).toISOString().slice(0, 19).replace('T', ' ');
  return typeof value === 'boolean' ? wordOf({}, value) : String(value);
}

/** `Status: Active → Locked; …` */
function exportRow(row: AuditRow, local: (instant: number) => number): ExportRow {
  const said = row.changes.map(({ resourceLabel, title, fields }) => `${[resourceLabel, title].filter(Boolean).join(' ')}: ${fields.map(({ label, type, from, to }) => `${label} ${shown(type, from, local)} → ${shown(type, to, local)}`).join('; ')}`);
  const facts = row.facts.map(({ key, value }) => `${key}: ${value}`);
  return [row.sequence, row.at, row.user, row.email, row.label ?? row.kind, row.subject, [...said, ...facts].join(' | '), row.address, row.client, row.hash];
}
