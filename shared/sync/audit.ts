import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * The audit log: one hash chain per node. A link covers the digest of its payload and not the payload, so that payloads can be
 * purged by scope and retention while the chain still verifies.
 */
export interface AuditEntry {
  readonly nodeId: string;
  /** 1, 2, 3 … per node, without gaps. */
  readonly sequence: number;
  /** Epoch ms UTC. */
  readonly at: number;
  /** What kind of event: `mutation`, `sign-in`, `sign-in-refused`, … */
  readonly kind: string;
  readonly userId: string;
  /** What it was about: a mutation's name, an address, a resource. */
  readonly subject: string;
  /** Id of what holds the payload elsewhere (a mutation, whose payload is its rows of the change log); else empty. */
  readonly reference: string;
  /** JSON text; absent once purged. */
  readonly payload?: string;
  /** SHA-256 of the payload, hex. */
  readonly digest: string;
  /** Hash of the entry before; zeros for the first. */
  readonly previous: string;
  readonly hash: string;
}

export const FIRST_PREVIOUS = '0'.repeat(64);

const hex = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/** Payload of a mutation that changed no row. */
export const NO_CHANGES = '[]';
const NO_CHANGES_DIGEST = hex(NO_CHANGES);

/** Whether an entry of a mutation is one that changed no row: then nothing of it was purged. */
export function changedNothing({ digest }: Pick<AuditEntry, 'digest'>): boolean {
  return digest === NO_CHANGES_DIGEST;
}

/** The next link after `last` (undefined: the first of the node). */
export function auditEntry(last: Pick<AuditEntry, 'sequence' | 'hash'> | undefined, event: Pick<AuditEntry, 'nodeId' | 'at' | 'kind' | 'userId' | 'subject' | 'reference'> & { readonly payload: string }): AuditEntry & { readonly payload: string } {
  const sequence = (last?.sequence ?? 0) + 1;
  const previous = last?.hash ?? FIRST_PREVIOUS;
  const digest = hex(event.payload);
  return { ...event, sequence, digest, previous, hash: linkHash({ ...event, sequence, digest, previous }) };
}

function linkHash(entry: Omit<AuditEntry, 'hash' | 'payload'>): string {
  return hex(JSON.stringify([entry.nodeId, entry.sequence, entry.at, entry.kind, entry.userId, entry.subject, entry.reference, entry.digest, entry.previous]));
}

/** The sequence of the first entry that does not fit (changed, missing or out of order), or undefined when all do. */
export function verifyAudit(entries: Iterable<AuditEntry>, from: Pick<AuditEntry, 'sequence' | 'hash'> = { sequence: 0, hash: FIRST_PREVIOUS }): number | undefined {
  let last = from;
  for (const entry of entries) {
    const fits = entry.sequence === last.sequence + 1 && entry.previous === last.hash && entry.hash === linkHash(entry) && (entry.payload === undefined || hex(entry.payload) === entry.digest);
    if (!fits) return last.sequence + 1;
    last = entry;
  }
  return undefined;
}
