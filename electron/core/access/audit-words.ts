import type { AuditRow } from '#shared/contract/audit.ts';
import { customer } from '#shared/resources/customer.ts';
import { fieldOf, type Resource } from '#shared/resources/define-resource.ts';
import { RESOURCES, resourceNamed } from '#shared/resources/registry.ts';
import { user } from '#shared/resources/user.ts';
import { historyLines } from '#shared/sync/history.ts';
import { MUTATORS } from '#shared/sync/mutators/index.ts';
import { changedNothing } from '#shared/sync/audit.ts';
import type { RowChange } from '#shared/sync/change.ts';
import { changesOf, lastChangeOf, type StoredAudit } from '#core/store/operations/local/audit-reads.ts';
import type { OperationsReader } from '#core/store/operations/reader.ts';

type Value = string | number | boolean | undefined;
type Change = AuditRow['changes'][number];

/** Longest value that an entry shows, characters; what is longer is in the row's own history. */
const VALUE_LIMIT = 300;
/** References that are followed to name a row: a sale by its product. */
const DEPTH = 3;
const PLACE_KEYS = ['address', 'client'];

const labels = new Map<string, string>(Object.values(MUTATORS).map(({ name, label }) => [name, label]));

/** Turns entries of the audit log into what people read. Names are those of today; what is gone is named by its last change. */
export class AuditWords {
  readonly #read: OperationsReader;
  readonly #nodeId: string;
  readonly #users = new Map<string, { readonly name: string; readonly email?: string }>();

  constructor(read: OperationsReader, nodeId: string) {
    this.#read = read;
    this.#nodeId = nodeId;
  }

  row(entry: StoredAudit): AuditRow {
    const { sequence, at, kind, userId, subject, hash } = entry;
    const isChange = kind === 'mutation';
    const changes = isChange ? changesOf(this.#read.database, entry.reference).map((change) => this.#change(change)) : [];
    const payload = entry.payload === undefined ? {} : (JSON.parse(entry.payload) as Readonly<Record<string, unknown>>);
    const address = entry.address ?? plain(payload['address']);
    const client = entry.client ?? plain(payload['client']);
    const label = isChange || kind === 'mutation-refused' ? labels.get(subject) : undefined;
    const who = this.#user(userId);
    return {
      sequence, at, kind, userId, subject: kind === 'session-ended' ? this.#user(subject).name : subject, hash, nodeId: this.#nodeId, changes,
      user: who.name,
      ...(who.email === undefined ? {} : { email: who.email }),
      ...(label === undefined ? {} : { label }),
      ...(address === undefined ? {} : { address }),
      ...(client === undefined ? {} : { client }),
      facts: Object.entries(payload).filter(([key]) => !PLACE_KEYS.includes(key)).map(([key, value]) => ({ key, value: this.#fact(key, value) })).filter((fact) => fact.value !== ''),
      purged: isChange ? changes.length === 0 && !changedNothing(entry) : entry.payload === undefined,
    };
  }

  #change(change: Omit<RowChange, 'row'>): Change {
    const known = RESOURCES.some((resource) => resource.name === change.resource);
    if (!known) return { resource: change.resource, resourceLabel: change.resource, rowId: change.rowId, operation: change.operation, fields: [] };
    const resource = resourceNamed(change.resource);
    const title = this.#title(resource, change.rowId, DEPTH);
    return {
      resource: resource.name,
      resourceLabel: resource.label.one,
      rowId: change.rowId,
      operation: change.operation,
      ...(title === undefined ? {} : { title }),
      fields: historyLines(change).map(({ field, label, type, from, to }) => {
        const before = this.#value(resource, field, from);
        const after = this.#value(resource, field, to);
        return { key: field, label, ...(type === undefined ? {} : { type }), ...(before === undefined ? {} : { from: before }), ...(after === undefined ? {} : { to: after }) };
      }),
    };
  }

  /** What people call a row: its title, followed through references. */
  #title(resource: Resource, rowId: string, depth: number): string | undefined {
    const row = this.#read.get(resource, rowId) as Readonly<Record<string, unknown>> | undefined;
    const change = row === undefined ? lastChangeOf(this.#read.database, resource.name, rowId)?.[resource.title] : undefined;
    const value = row === undefined ? (change === undefined || 'withheld' in change ? undefined : (change.to ?? change.from)) : row[resource.title];
    const field = fieldOf(resource, resource.title);
    if (field.type === 'reference' && field.to !== undefined && depth > 0) return this.#title(resourceNamed(field.to), String(value), depth - 1);
    return plain(value);
  }

  #value(resource: Resource, key: string, value: unknown): Value {
    if (value === undefined || typeof value === 'number' || typeof value === 'boolean') return value;
    const field = Object.hasOwn(resource.fields, key) ? resource.fields[key] : undefined;
    if (field?.type === 'reference' && field.to !== undefined) return this.#title(resourceNamed(field.to), String(value), DEPTH) ?? String(value);
    if (resource.name === user.name && key === 'customers' && Array.isArray(value)) return value.map((id) => this.#title(customer, String(id), 0) ?? String(id)).join(', ');
    return shorten(typeof value === 'string' ? value : JSON.stringify(value));
  }

  #fact(key: string, value: unknown): string {
    if (key === 'for' && typeof value === 'string') return this.#user(value).name;
    if (key === 'sessions' && Array.isArray(value)) return String(value.length);
    return shorten(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  }

  #user(userId: string): { readonly name: string; readonly email?: string } {
    const known = this.#users.get(userId);
    if (known !== undefined) return known;
    const row = this.#read.get(user, userId);
    const gone = row === undefined ? lastChangeOf(this.#read.database, user.name, userId) : undefined;
    const old = (key: string): string | undefined => {
      const change = gone?.[key];
      return change === undefined || 'withheld' in change ? undefined : plain(change.to ?? change.from);
    };
    const email = row?.email ?? old('email');
    const found = { name: row?.name ?? old('name') ?? (userId === 'system' ? 'System' : userId), ...(email === undefined ? {} : { email }) };
    this.#users.set(userId, found);
    return found;
  }
}

const plain = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function shorten(value: string): string {
  return value.length > VALUE_LIMIT ? `${value.slice(0, VALUE_LIMIT)}…` : value;
}
