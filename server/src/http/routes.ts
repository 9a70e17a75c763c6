import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Permission } from '#shared/domain/access/permissions.ts';
import { AppError } from '#shared/kernel/error.ts';
import { user } from '#shared/resources/user.ts';
import type { Authority } from '#shared/sync/replication/authority.ts';
import type { SyncSession } from '#shared/sync/replication/ports.ts';
import { pullRequest, pushRequest, snapshotRequest } from '#shared/sync/replication/protocol.ts';
import type { Accounts } from '../auth/accounts.ts';
import type { ServerFactors } from '../auth/factors.ts';
import type { ServerSessions, SignedIn } from '../auth/sessions.ts';

/** Who may use a route: everybody, whoever is signed in (`enrolling`: also before the second factor is set up), or holders of a permission. */
export type RouteAccess = 'public' | 'enrolling' | 'signed-in' | Permission;

export interface RouteDefinition {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly access: RouteAccess;
  run(request: FastifyRequest, who: SignedIn | undefined): Promise<unknown>;
}

export interface RouteDeps {
  readonly accounts: Accounts;
  readonly sessions: ServerSessions;
  readonly factors: ServerFactors;
  readonly authority: Authority;
  /** Work behind an answer that was given; failures are logged. */
  later(work: Promise<unknown>): void;
}

const token = z.string().regex(/^[0-9a-f]{32}$/, 'This link is not complete.');
const password = z.string().max(1000);
const nodeId = z.string().min(1).max(100);
const clientName = z.string().max(200).default('');

function parse<S extends z.ZodType>(schema: S, request: FastifyRequest): z.output<S> {
  const parsed = schema.safeParse(request.body ?? {});
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 20).map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw new AppError('invalid-input', issues[0]?.message ?? 'Check what was sent.', { issues });
}

function present(who: SignedIn | undefined): SignedIn {
  if (who === undefined) throw new AppError('not-signed-in', 'Sign in first.');
  return who;
}

/** Every route of the server but health, pages and the live connection, with who may use it; the access test runs over this table. */
export function apiRoutes({ accounts, sessions, factors, authority, later }: RouteDeps): readonly RouteDefinition[] {
  const syncSession = async ({ principal }: SignedIn): Promise<SyncSession> => ({ userId: principal.userId, nodeId: principal.nodeId, sessionId: principal.sessionId, nodeSeenAt: await accounts.nodeSeenAt(principal.nodeId) });
  return [
    { method: 'POST', path: '/auth/sign-in', access: 'public', async run(request) {
      const { nodeId: node, client, ...input } = parse(z.strictObject({ email: z.string().max(254), password, code: z.string().max(30).optional(), nodeId, client: clientName }), request);
      const { tokens, user: row } = await accounts.signIn(input, { address: request.ip, nodeId: node, client });
      return { ...tokens, userId: row.id };
    } },
    { method: 'POST', path: '/auth/refresh', access: 'public', async run(request) {
      const input = parse(z.strictObject({ refreshToken: z.string().max(100), nodeId }), request);
      return sessions.refresh(input.refreshToken, input.nodeId, request.ip);
    } },
    { method: 'POST', path: '/auth/sign-out', access: 'enrolling', async run(_request, who) {
      return { ended: await sessions.end({ id: present(who).principal.sessionId, reason: 'sign-out' }) };
    } },
    { method: 'GET', path: '/auth/me', access: 'enrolling', async run(_request, who) {
      const { principal, mustEnrol } = present(who);
      const { userId, email, name, role, permissions, scope, sessionId } = principal;
      return { userId, email, name, role, sessionId, mustEnrol, permissions: [...permissions], scope: scope === 'all' ? 'all' : [...scope] };
    } },
    { method: 'POST', path: '/auth/factor/begin', access: 'enrolling', async run(_request, who) {
      return factors.begin(present(who).user);
    } },
    { method: 'POST', path: '/auth/factor/confirm', access: 'enrolling', async run(request, who) {
      return { recoveryCodes: await factors.confirm(present(who).user, parse(z.strictObject({ code: z.string().max(30) }), request).code, request.ip) };
    } },
    { method: 'POST', path: '/auth/setup', access: 'public', async run(request) {
      await accounts.setUp(parse(z.strictObject({ token, password, email: user.fields.email.schema, name: user.fields.name.schema }), request) as Parameters<Accounts['setUp']>[0], request.ip);
      return { done: true };
    } },
    { method: 'POST', path: '/auth/forgot', access: 'public', async run(request) {
      const { email } = parse(z.strictObject({ email: z.string().max(254) }), request);
      accounts.countForgot(email, request.ip);
      // Answered before it is looked up, so that neither words nor time tell whether the address is known.
      later(accounts.forgot(email));
      return { message: 'If the address belongs to an account, a mail with a link is on its way.' };
    } },
    { method: 'POST', path: '/auth/link/describe', access: 'public', async run(request) {
      return accounts.describeLink(parse(z.strictObject({ token }), request).token, request.ip);
    } },
    { method: 'POST', path: '/auth/link/redeem', access: 'public', async run(request) {
      const input = parse(z.strictObject({ token, password }), request);
      return accounts.redeemLink(input.token, input.password, request.ip);
    } },
    { method: 'POST', path: '/users/invite', access: 'users.manage', async run(request, who) {
      await accounts.inviteBy(present(who).principal, parse(z.strictObject({ userId: z.uuid() }), request).userId);
      return { sent: true };
    } },
    { method: 'POST', path: '/sync/push', access: 'signed-in', async run(request, who) {
      const input = parse(pushRequest, request);
      const response = await authority.push(await syncSession(present(who)), input);
      if (input.mutations.some(({ name }) => name.startsWith('user.'))) later(sessions.endOfBarredUsers().then(() => accounts.inviteNew(present(who).principal.userId)));
      return response;
    } },
    { method: 'POST', path: '/sync/pull', access: 'signed-in', async run(request, who) {
      return authority.pull(await syncSession(present(who)), parse(pullRequest, request));
    } },
    { method: 'POST', path: '/sync/snapshot', access: 'signed-in', async run(request, who) {
      return authority.snapshot(await syncSession(present(who)), parse(snapshotRequest, request));
    } },
  ];
}

/** Registers the routes: each is authorised before its input is looked at. */
export function registerRoutes(app: FastifyInstance, routes: readonly RouteDefinition[], sessions: ServerSessions): void {
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path,
      async handler(request) {
        if (route.access === 'public') return route.run(request, undefined);
        const who = await sessions.check(bearerOf(request.headers.authorization));
        if (who.mustEnrol && route.access !== 'enrolling') throw new AppError('second-factor', 'Set up a second factor first.', { mustEnrol: true });
        if (route.access !== 'enrolling' && route.access !== 'signed-in' && !who.principal.permissions.has(route.access)) throw new AppError('forbidden', 'Your role does not allow this. Ask an administrator.', { permission: route.access });
        return route.run(request, who);
      },
    });
  }
}

/** The token of an `Authorization: Bearer` header; empty where there is none. */
export function bearerOf(header: string | undefined): string {
  return /^Bearer ([0-9a-f]{32})$/.exec(header ?? '')?.[1] ?? '';
}
