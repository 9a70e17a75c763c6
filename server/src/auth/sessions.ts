import { needsSecondFactor } from '#shared/domain/access/permissions.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { newToken, tokenHash } from '#shared/domain/access/tokens.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import { Emitter } from '#shared/kernel/emitter.ts';
import { AppError } from '#shared/kernel/error.ts';
import { uuidv7 } from '#shared/kernel/ids.ts';
import type { Clock, Log, Rng } from '#shared/kernel/ports.ts';
import { user, type UserRow } from '#shared/resources/user.ts';
import { authorOf } from '#shared/sync/replication/author.ts';
import { appendServerAudit } from '../store/audit.ts';
import type { ServerTx } from '../store/authority-tx.ts';
import type { ServerStore } from '../store/server-store.ts';
import { firstRow, type Sql } from '../store/sql.ts';

const MINUTE = 60_000;
/** Lifetimes, ms: of an access token, of an unused session, of any session. */
export const ACCESS_LIFE = 10 * MINUTE;
export const IDLE = 12 * 60 * MINUTE;
export const ABSOLUTE = 30 * 24 * 60 * MINUTE;
/** A client whose answer was lost may rotate again with the token it had, for this long and only while the new one was not used, ms. */
export const ROTATE_AGAIN = 30_000;
/** Sessions are kept this long, ms, so that the audit can name them. */
const SESSION_MEMORY = 90 * 24 * 60 * MINUTE;
/** Use is written at most this often, ms. */
const TOUCH_PERIOD = MINUTE;

/** Where a session is opened. */
export interface Place {
  readonly address: string;
  readonly nodeId: string;
  /** Browser or machine in words, as the client says. */
  readonly client: string;
}

/** The tokens of a session, told this once. Instants are epoch ms. */
export interface IssuedTokens {
  readonly sessionId: string;
  readonly accessToken: string;
  readonly accessUntil: number;
  readonly refreshToken: string;
  readonly idleUntil: number;
  readonly absoluteUntil: number;
}

/** Who a valid access token stands for. `mustEnrol`: he may set up a second factor and do nothing else. */
export interface SignedIn {
  readonly principal: Principal;
  readonly user: UserRow;
  readonly mustEnrol: boolean;
}

interface SessionCells {
  readonly id: string;
  readonly userId: string;
  readonly nodeId: string;
  readonly createdAt: number;
  readonly usedAt: number;
  readonly accessUntil: number;
  readonly endedAt: number | null;
}

const COLUMNS = 'id, user_id AS "userId", node_id AS "nodeId", created_at AS "createdAt", used_at AS "usedAt", access_until AS "accessUntil", ended_at AS "endedAt"';

const signedOut = (): AppError => new AppError('not-signed-in', 'The session has ended. Sign in again.');

interface Which {
  readonly id?: string;
  readonly userId?: string;
  readonly except?: string;
  readonly reason: string;
}

/**
 * Sessions: a short access token, and a refresh token that is exchanged for a new one at each use. An old refresh token that comes again
 * is in two hands: the session ends (RFC 9700 section 4.14.2). Of tokens only hashes are stored.
 */
export class ServerSessions {
  readonly #store: ServerStore;
  readonly #clock: Clock;
  readonly #rng: Rng;
  readonly #ends: Emitter<string>;

  constructor(options: { readonly store: ServerStore; readonly clock: Clock; readonly rng: Rng; readonly log: Log }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#rng = options.rng;
    this.#ends = new Emitter((error) => options.log.write('error', 'a listener of session ends failed', { error }));
  }

  /** Calls back with the id of each session that ended, after the commit. */
  onEnd(listener: (sessionId: string) => void): Disposable {
    return this.#ends.on(listener);
  }

  /** Opens a session in the open transaction. Throws AppError not-signed-in where the account was changed after the password was checked. */
  async open(tx: ServerTx, row: UserRow, credentialHash: string, place: Place): Promise<IssuedTokens> {
    const now = this.#clock.now();
    const current = await tx.rows.get(user, row.id);
    if (current?.status !== 'active' || (await credentialOf(tx.sql, row.id)) !== credentialHash) throw new AppError('not-signed-in', 'The account was changed a moment ago. Sign in again.');
    await tx.sql.run('DELETE FROM server_refresh WHERE session_id IN (SELECT id FROM server_session WHERE created_at < ?)', [now - SESSION_MEMORY]);
    await tx.sql.run('DELETE FROM server_session WHERE created_at < ?', [now - SESSION_MEMORY]);
    const tokens = this.#newTokens(uuidv7(this.#clock, this.#rng), now, now);
    await tx.sql.run('INSERT INTO server_session (id, user_id, node_id, address, client, created_at, used_at, access_hash, access_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', [
      tokens.sessionId, row.id, place.nodeId, place.address, place.client, now, now, tokenHash(tokens.accessToken), tokens.accessUntil,
    ]);
    await tx.sql.run('INSERT INTO server_refresh (hash, session_id, issued_at) VALUES (?, ?, ?)', [tokenHash(tokens.refreshToken), tokens.sessionId, now]);
    await tx.sql.run('INSERT INTO sync_node (id, first_seen_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING', [place.nodeId, now]);
    return tokens;
  }

  /** New tokens for a refresh token. Throws AppError not-signed-in; a token that comes again ends its session. */
  async refresh(refreshToken: string, nodeId: string, address: string): Promise<IssuedTokens> {
    const now = this.#clock.now();
    const hash = tokenHash(refreshToken);
    const outcome = await this.#store.write(async (tx): Promise<{ readonly tokens?: IssuedTokens; readonly ended?: string }> => {
      const token = await firstRow<{ sessionId: string; usedAt: number | null }>(tx.sql, 'SELECT session_id AS "sessionId", used_at AS "usedAt" FROM server_refresh WHERE hash = ?', [hash]);
      const session = token === undefined ? undefined : await firstRow<SessionCells>(tx.sql, `SELECT ${COLUMNS} FROM server_session WHERE id = ?`, [token.sessionId]);
      if (token === undefined || session === undefined || session.endedAt !== null) return {};
      const row = await tx.rows.get(user, session.userId);
      if (row?.status !== 'active' || isOver(session, now)) {
        await this.endIn(tx, { id: session.id, reason: 'expired' });
        return { ended: session.id };
      }
      const again = token.usedAt !== null && now - token.usedAt <= ROTATE_AGAIN && !(await successorUsed(tx.sql, session.id, token.usedAt));
      if ((token.usedAt !== null && !again) || nodeId !== session.nodeId) {
        await this.endIn(tx, { id: session.id, reason: 'refresh token in two hands' });
        await appendServerAudit(tx.sql, this.#store.nodeId, { at: now, kind: 'refresh-reused', userId: session.userId, subject: session.userId, payload: { sessionId: session.id, address, nodeId } });
        return { ended: session.id };
      }
      const tokens = this.#newTokens(session.id, session.createdAt, now);
      await tx.sql.run('DELETE FROM server_refresh WHERE session_id = ? AND used_at IS NULL AND hash <> ?', [session.id, hash]);
      await tx.sql.run('UPDATE server_refresh SET used_at = coalesce(used_at, ?) WHERE hash = ?', [now, hash]);
      await tx.sql.run('INSERT INTO server_refresh (hash, session_id, issued_at) VALUES (?, ?, ?)', [tokenHash(tokens.refreshToken), session.id, now]);
      await tx.sql.run('UPDATE server_session SET used_at = ?, access_hash = ?, access_until = ? WHERE id = ?', [now, tokenHash(tokens.accessToken), tokens.accessUntil, session.id]);
      return { tokens };
    });
    if (outcome.ended !== undefined) this.announce([outcome.ended]);
    if (outcome.tokens === undefined) throw signedOut();
    return outcome.tokens;
  }

  /** Whom an access token stands for, by what the user's row says now. Throws AppError not-signed-in. */
  async check(accessToken: string): Promise<SignedIn> {
    const now = this.#clock.now();
    const found = await this.#store.read(async (tx) => {
      const session = await firstRow<SessionCells>(tx.sql, `SELECT ${COLUMNS} FROM server_session WHERE access_hash = ?`, [tokenHash(accessToken)]);
      if (session === undefined || session.endedAt !== null || session.accessUntil <= now || isOver(session, now)) return undefined;
      const row = (await tx.rows.get(user, session.userId)) as UserRow | undefined;
      if (row?.status !== 'active') return undefined;
      return { session, row, mustEnrol: needsSecondFactor(row.role) && (await factorOf(tx.sql, row.id)) === undefined };
    });
    if (found === undefined) throw signedOut();
    const { session, row, mustEnrol } = found;
    if (now - session.usedAt >= TOUCH_PERIOD) await this.#store.write((tx) => tx.sql.run('UPDATE server_session SET used_at = ? WHERE id = ? AND used_at < ?', [now, session.id, now]));
    const principal = authorOf(row, session.id, session.nodeId);
    return { principal: mustEnrol ? { ...principal, permissions: new Set(), scope: new Set<string>() } : principal, user: row, mustEnrol };
  }

  /** Ends one session, or all of a user's but `except`; their connections are cut at once. Returns how many. */
  async end(which: Which): Promise<number> {
    const ended = await this.#store.write((tx) => this.endIn(tx, which));
    this.announce(ended);
    return ended.length;
  }

  /** The same in an open transaction; the caller announces the ids after the commit. */
  async endIn(tx: ServerTx, which: Which): Promise<readonly string[]> {
    const rows = await tx.sql.all<{ id: string }>('SELECT id FROM server_session WHERE ended_at IS NULL AND (id = ? OR user_id = ?) AND id <> ?', [which.id ?? '', which.userId ?? '', which.except ?? '']);
    for (const { id } of rows) await tx.sql.run('UPDATE server_session SET ended_at = ?, end_reason = ? WHERE id = ?', [this.#clock.now(), which.reason, id]);
    return rows.map(({ id }) => id);
  }

  announce(ids: readonly string[]): void {
    for (const id of ids) this.#ends.emit(id);
  }

  /** Ends the sessions of users who may not sign in any more. */
  async endOfBarredUsers(): Promise<void> {
    const ended = await this.#store.write(async (tx) => {
      const rows = await tx.sql.all<{ id: string }>("SELECT s.id AS id FROM server_session s LEFT JOIN app_user u ON u.id = s.user_id WHERE s.ended_at IS NULL AND (u.id IS NULL OR u.status <> 'active')");
      for (const { id } of rows) await this.endIn(tx, { id, reason: 'user barred' });
      return rows.map(({ id }) => id);
    });
    this.announce(ended);
  }

  #newTokens(sessionId: string, createdAt: number, now: number): IssuedTokens {
    const absoluteUntil = createdAt + ABSOLUTE;
    return { sessionId, accessToken: newToken(this.#rng), accessUntil: Math.min(now + ACCESS_LIFE, absoluteUntil), refreshToken: newToken(this.#rng), idleUntil: Math.min(now + IDLE, absoluteUntil), absoluteUntil };
  }
}

/** The hash of a user's password; undefined where none was set. */
export async function credentialOf(sql: Sql, userId: string): Promise<string | undefined> {
  return (await firstRow<{ hash: string }>(sql, 'SELECT hash FROM credential WHERE user_id = ?', [userId]))?.hash;
}

/** A user's second factor as it is stored. */
export function factorOf(sql: Sql, userId: string): Promise<{ readonly secret: string; readonly lastStep: number } | undefined> {
  return firstRow(sql, 'SELECT secret, last_step AS "lastStep" FROM second_factor WHERE user_id = ?', [userId]);
}

function isOver(session: SessionCells, now: number): boolean {
  return now - session.usedAt >= IDLE || now - session.createdAt >= ABSOLUTE;
}

/** Whether a refresh token that was issued later has been used. */
async function successorUsed(sql: Sql, sessionId: string, at: number): Promise<boolean> {
  return (await firstRow(sql, 'SELECT hash FROM server_refresh WHERE session_id = ? AND issued_at >= ? AND used_at IS NOT NULL LIMIT 1', [sessionId, at])) !== undefined;
}
