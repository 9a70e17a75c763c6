import type { usersContract } from '#shared/contract/users.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import { disposable } from '#shared/kernel/disposable.ts';
import type { Edit } from '#shared/resources/schemas.ts';
import { listedUser, type user } from '#shared/resources/user.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { exportColumn } from '../resources/export.ts';
import type { MutationCall } from '../store/operations/operations.ts';
import type { Access } from './access.ts';
import { PUBLISHED, PUBLISHED_RIGHTS } from './constants.ts';
import { readUserHistory } from './user-history.ts';
import { matchingUsers, userOptions } from './user-list.ts';

/** What the user of the login page keeps, for the visitors that come after. */
const ENTRANCE = ['email', 'status', 'role', 'misRole', 'customers'] as const;

const requested = ({ requestId }: { readonly requestId?: string | undefined }): { readonly id?: string } => (requestId === undefined ? {} : { id: requestId });

/** Handlers of every `user.*` procedure: users as a resource, each of them judged by who may reach whom. */
export function userHandlers({ access, exchange }: { readonly access: Access; readonly exchange: Pick<Exchange, 'exportGrid'> }): Handlers<typeof usersContract, Principal> {
  const { operations } = access;
  return {
    'user.list': ({ offset, limit, ...query }, context) => {
      const found = matchingUsers(access.users(principalOf(context)), query);
      return { total: found.length, rows: found.slice(offset, offset + limit) };
    },
    'user.get': ({ id }, context) => access.listedUser(principalOf(context), id),
    'user.history': ({ id, before, limit }, context) => {
      const principal = principalOf(context);
      access.userInScope(principal, id);
      return readUserHistory(operations, id, principal, access.customerNames(principal), { ...(before === undefined ? {} : { before }), limit });
    },
    'user.options': (query, context) => {
      const principal = principalOf(context);
      return userOptions(principal, { users: access.users(principal), customers: access.customers(principal) }, query);
    },
    'user.export': ({ columns: keys, timeZone, ...query }, context, sink) => {
      const principal = principalOf(context);
      if (!principal.permissions.has('fleet.export')) throw new AppError('forbidden', 'Your role does not allow exports. Ask an administrator.');
      const columns = keys.map((key) => exportColumn(operations.read, listedUser, key));
      const found = matchingUsers(access.users(principal), query);
      const total = found.length;
      const signal = { aborted: false };
      sink.push({ done: 0, total, state: 'running' });
      exchange
        .exportGrid({ title: listedUser.label.many, columns: columns.map(({ cell: _cell, ...column }) => column), timeZone, rows: [found.map(({ values }) => columns.map(({ cell }) => cell(values, {})))], total, signal, onProgress: (done) => sink.push({ done, total, state: 'running' }) })
        .then(({ url, fileName }) => {
          sink.push({ done: total, total, state: 'ready', url, fileName });
          sink.end();
        })
        .catch((error: unknown) => signal.aborted || sink.fail(error));
      return disposable(() => (signal.aborted = true));
    },
    'user.create': (input, context) => operations.mutate(principalOf(context), 'user.create', { values: input.values }, requested(input)),
    'user.update': async (input, context) => {
      const principal = principalOf(context);
      const { id, revision } = input;
      const edit = input.edit as unknown as Edit<typeof user.fields>;
      const row = access.managedUser(principal, id);
      if (access.isPublished(row) && ENTRANCE.some((key) => edit.set[key] !== undefined && JSON.stringify(edit.set[key]) !== JSON.stringify(row[key]))) throw new AppError('refused', PUBLISHED_RIGHTS);
      return operations.mutate(principal, 'user.update', { id, edit }, { ...requested(input), basedOn: { [`user:${id}`]: revision } });
    },
    'user.delete': async (input, context) => {
      const principal = principalOf(context);
      const ids = [...new Set(input.ids)];
      for (const id of ids) {
        if (id === principal.userId) throw new AppError('refused', 'You cannot delete yourself. Another administrator can.');
        if (access.isPublished(access.managedUser(principal, id))) throw new AppError('refused', PUBLISHED);
      }
      await operations.commit({ principal, mutations: ids.map((id): MutationCall => ({ name: 'user.delete', args: { id }, ...(ids.length === 1 ? { options: requested(input) } : {}) })) });
      return { deleted: ids.length };
    },
  };
}
