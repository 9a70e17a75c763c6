import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { SignedInUser } from '#shared/contract/auth.ts';
import type { Permission } from '#shared/domain/access/permissions.ts';
import type { Feature, Features } from '#shared/domain/features/features.ts';

/** Who is signed in. Changed by the session service alone. */
export const useSession = defineStore('session', () => {
  const user = shallowRef<SignedInUser>();
  const permissions = computed(() => new Set(user.value?.permissions ?? []));

  /** Parts of the portal that this installation has. */
  const features = shallowRef<Features>();

  /** Whether the installation has this part; none asked for is always there. */
  function has(feature: Feature | undefined): boolean {
    return feature === undefined || features.value?.[feature] === true;
  }
  /**
   * Whether the user holds the permission, and the installation has the part that is asked for. No permission asked for is always held by
   * a signed-in user.
   */
  function may(permission: Permission | undefined, feature?: Feature): boolean {
    return user.value !== undefined && (permission === undefined || permissions.value.has(permission)) && has(feature);
  }

  return { user, features, has, may };
});
