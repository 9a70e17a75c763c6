import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { newToken } from '#shared/domain/access/tokens.ts';
import type { Clock, Rng } from '#shared/kernel/ports.ts';
import { firstRow, type Sql } from '../store/sql.ts';

export type LinkPurpose = 'setup' | 'activation' | 'reset';

/** How long a link is good, ms. */
export const LINK_LIFE: Readonly<Record<LinkPurpose, number>> = { setup: 24 * 3_600_000, activation: 72 * 3_600_000, reset: 30 * 60_000 };

/** The page that takes the link's token from the fragment, which browsers send to nobody. */
export const LINK_PATH: Readonly<Record<LinkPurpose, string>> = { setup: '/setup', activation: '/activate', reset: '/reset' };

const hashOf = (token: string): string => bytesToHex(sha256(utf8ToBytes(`link:${token}`)));

/** Makes a link's token of 128 random bits in the open transaction and stores its hash; older links of the user are dead. */
export async function issueLink(sql: Sql, { clock, rng }: { readonly clock: Clock; readonly rng: Rng }, link: { readonly userId: string; readonly purpose: LinkPurpose }): Promise<{ readonly token: string; readonly validUntil: number }> {
  const token = newToken(rng);
  const now = clock.now();
  const validUntil = now + LINK_LIFE[link.purpose];
  await sql.run('DELETE FROM server_link WHERE user_id = ? OR expires_at <= ?', [link.userId, now]);
  await sql.run('INSERT INTO server_link (hash, user_id, purpose, issued_at, expires_at) VALUES (?, ?, ?, ?, ?)', [hashOf(token), link.userId, link.purpose, now, validUntil]);
  return { token, validUntil };
}

/** Whose link it is; undefined for one that is unknown, used, replaced or over. Looking does not use it up. */
export function findLink(sql: Sql, token: string, now: number): Promise<{ readonly userId: string; readonly purpose: LinkPurpose } | undefined> {
  return firstRow(sql, 'SELECT user_id AS "userId", purpose FROM server_link WHERE hash = ? AND expires_at > ?', [hashOf(token), now]);
}

/** Uses a link up; false where it was no longer good. */
export async function takeLink(sql: Sql, token: string, now: number): Promise<boolean> {
  return (await sql.run('DELETE FROM server_link WHERE hash = ? AND expires_at > ?', [hashOf(token), now])) === 1;
}
