import { z } from 'zod';
import { procedure, stream } from '../rpc/definition.ts';
import { exportProgress } from './fleet.ts';

/** What is asked of the audit log: `changes` are changes of rows, `access` is what concerns signing in and users' credentials. */
export const AUDIT_GROUPS = ['signIns', 'refusals', 'access', 'changes'] as const;
export const auditGroup = z.enum(AUDIT_GROUPS);
export type AuditGroup = z.infer<typeof auditGroup>;

export const auditFilter = z.object({
  /** Who did it. */
  userId: z.string().max(100).optional(),
  groups: z.array(auditGroup).max(AUDIT_GROUPS.length).optional(),
  /** Name of the resource that was changed, such as `sale`. */
  resource: z.string().max(60).optional(),
  /** In [from, to), epoch ms. */
  from: z.number().optional(),
  to: z.number().optional(),
  /** Text in subject, values before and after, name or address of the user. */
  search: z.string().max(200).optional(),
});
export type AuditFilter = z.infer<typeof auditFilter>;

const value = z.union([z.string(), z.number(), z.boolean()]).optional();

/** One entry as people read it; instants are epoch ms. */
export const auditRow = z.object({
  sequence: z.number().int(),
  at: z.number(),
  kind: z.string(),
  /** What was done, in words where the entry is a change. */
  label: z.string().optional(),
  userId: z.string(),
  user: z.string(),
  email: z.string().optional(),
  subject: z.string(),
  /** Where it came from: address and browser where they are known, and the node. */
  address: z.string().optional(),
  client: z.string().optional(),
  nodeId: z.string(),
  changes: z.array(
    z.object({
      resource: z.string(),
      resourceLabel: z.string(),
      rowId: z.string(),
      title: z.string().optional(),
      operation: z.enum(['insert', 'update', 'delete']),
      fields: z.array(z.object({ key: z.string(), label: z.string(), type: z.string().optional(), from: value, to: value })),
    }),
  ),
  /** Further facts of an entry that is no change. */
  facts: z.array(z.object({ key: z.string(), value: z.string() })),
  /** The payload is not kept any more. */
  purged: z.boolean(),
  hash: z.string(),
});
export type AuditRow = z.infer<typeof auditRow>;

const read = { permission: 'audit.read' } as const;

/** The audit log is open to those who see all customers: it holds what was changed for every one of them. */
export const auditContract = {
  'audit.list': procedure({
    input: z.object({ filter: auditFilter, /** Entries before this sequence. */ before: z.number().int().optional(), limit: z.number().int().min(1).max(200) }),
    output: z.object({ rows: z.array(auditRow), more: z.boolean() }),
    access: read,
    errors: ['forbidden'],
    doc: 'A page of the audit log, newest first.',
  }),
  'audit.options': procedure({
    input: z.object({}),
    output: z.object({ users: z.array(z.object({ userId: z.string(), name: z.string() })), resources: z.array(z.object({ name: z.string(), label: z.string() })) }),
    access: read,
    errors: ['forbidden'],
    doc: 'By whom and by what the audit log can be narrowed.',
  }),
  'audit.verify': stream({
    input: z.object({}),
    item: z.object({
      state: z.enum(['running', 'intact', 'broken']),
      checked: z.number().int(),
      total: z.number().int(),
      /** Instants of the first and last entry that was checked. */
      from: z.number().optional(),
      to: z.number().optional(),
      /** The first entry that does not fit. */
      brokenAt: z.number().int().optional(),
      /** Hash of the last entry: who keeps it elsewhere can tell later that nothing was cut off. */
      head: z.string().optional(),
    }),
    access: read,
    coalesce: { mode: 'latest' },
    errors: ['forbidden'],
    doc: 'Goes through the hash chain of this node from its first entry to its last; closing the stream stops it.',
  }),
  'audit.export': stream({
    input: z.object({ filter: auditFilter, timeZone: z.string().max(60) }),
    item: exportProgress,
    access: read,
    coalesce: { mode: 'latest' },
    errors: ['forbidden', 'store-full', 'cancelled', 'too-large'],
    doc: 'Writes every entry that matches as .xlsx; closing the stream cancels.',
  }),
};
