import { ROLES, type Role } from '#shared/domain/access/permissions.ts';
import { DEFAULT_ACCOUNT } from '#shared/resources/user.ts';
import type { UserSignIn, UserValues } from '#shared/contract/auth.ts';
import { coreText } from '#renderer/ui/messages/core-texts.ts';

/** What the form of a user holds; customers and their absence are two inputs. */
export interface UserDraft {
  email: string;
  name: string;
  misRole: 'ADMIN' | 'USER';
  role: Role;
  account: string;
  all: boolean;
  customerIds: string[];
  status: UserSignIn['status'];
}

export function draftOf(user: UserSignIn | undefined): UserDraft {
  if (user === undefined) return { email: '', name: '', misRole: 'USER', role: 'operation', account: DEFAULT_ACCOUNT, all: true, customerIds: [], status: 'invited' };
  const { email, name, misRole, role, account, customers, status } = user;
  return { email, name, misRole, role: role as Role, account, all: customers === 'all', customerIds: customers === 'all' ? [] : [...customers], status };
}

export function valuesOf({ email, name, misRole, role, account, all, customerIds }: UserDraft): UserValues {
  return { email: email.trim(), name: name.trim(), misRole, role, account: account.trim(), customers: all ? 'all' : [...customerIds] };
}

/** The values of a draft that differ from the user it began with. */
export function changesOf(draft: UserDraft, user: UserSignIn): Partial<UserValues> & { status?: UserSignIn['status'] } {
  const values = { ...valuesOf(draft), status: draft.status };
  const before = { ...valuesOf(draftOf(user)), status: user.status };
  return Object.fromEntries(Object.entries(values).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key as keyof typeof before])));
}

/** Roles that a user may give to others: only a Super Admin makes Super Admins. */
export function rolesFor(own: string | undefined): { readonly value: Role; readonly label: string }[] {
  return (Object.keys(ROLES) as Role[]).filter((role) => role !== 'super-admin' || own === 'super-admin').map((value) => ({ value, label: coreText(ROLES[value].label) }));
}
