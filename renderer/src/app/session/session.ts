import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { SignedInUser } from '#shared/contract/auth.ts';
import type { Permission } from '#shared/domain/access/permissions.ts';

/** Who is signed in. Changed by the session service alone. */
export const useSession = defineStore('session', () => {
  const user = shallowRef<SignedInUser>();
  const permissions = computed(() => new Set(user.value?.permissions ?? []));

  /** Whether the user holds the permission; no permission asked for is always held by a signed-in user. */
  function may(permission: Permission | undefined): boolean {
    return user.value !== undefined && (permission === undefined || permissions.value.has(permission));
  }

  return { user, may };
});
