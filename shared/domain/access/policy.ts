import { PERMISSIONS, type Permission } from './permissions.ts';
import type { Principal } from './principal.ts';

/** Who may call something (shared/rpc/definition.ts): anybody, anybody signed in, or the holders of a permission. */
export type Rule = 'public' | 'signed-in' | { readonly permission: string };

export type Verdict = 'allowed' | 'not-signed-in' | 'forbidden';

export function isPermission(name: string): name is Permission {
  return Object.hasOwn(PERMISSIONS, name);
}

/** Whether a principal (undefined: nobody is signed in) may call what has this rule. A permission nobody knows is held by nobody. */
export function verdict(rule: Rule, principal: Pick<Principal, 'permissions'> | undefined): Verdict {
  if (rule === 'public') return 'allowed';
  if (principal === undefined) return 'not-signed-in';
  if (rule === 'signed-in') return 'allowed';
  return isPermission(rule.permission) && principal.permissions.has(rule.permission) ? 'allowed' : 'forbidden';
}
