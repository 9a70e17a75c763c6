import type { ResourceRow } from '#shared/contract/resource.ts';
import { ROLES, type Role } from '#shared/domain/access/permissions.ts';
import type { listedUser, UserRow } from '#shared/resources/user.ts';
import { coreText } from '#renderer/ui/messages/core-texts.ts';

export type ListedUser = ResourceRow<typeof listedUser.fields>;

/** The row of a slot of the users' page. */
export function userOf(row: ResourceRow): ListedUser {
  return row as unknown as ListedUser;
}

/** Roles that a user may give to others: only a Super Admin makes Super Admins. */
export function rolesFor(own: string | undefined): { readonly value: Role; readonly label: string }[] {
  return (Object.keys(ROLES) as Role[]).filter((role) => role !== 'super-admin' || own === 'super-admin').map((value) => ({ value, label: coreText(ROLES[value].label) }));
}

/** What a form may make of the status that a user has: active he becomes by his code alone. */
export function statusesFrom(status: UserRow['status'] | undefined): readonly UserRow['status'][] {
  return status === 'invited' ? ['invited', 'disabled'] : ['active', 'locked', 'disabled'];
}
