/** Every permission, with what it allows in one line. Roles are presets over these. */
export const PERMISSIONS = {
  'fleet.read': 'See vehicles live: dashboard, map, grid, parameters',
  'fleet.export': 'Export what a grid shows',
  'mis.read': 'See the MIS dashboards',
  'admin.read': 'See products, sales, customers and locations',
  'sales.read': 'See sales',
  'admin.write': 'Add, change and delete master data',
  'users.read': 'See users',
  'users.manage': 'Add, change and delete users; issue reset codes',
  'audit.read': 'Read and verify the audit log',
  'settings.read': 'See the settings of this installation',
  'settings.manage': 'Change broker, network and storage settings',
  'intake.read': 'See intake counters, notices and rejected messages',
  'alerts.read': 'See alerts, their rules and figures',
  'alerts.work': 'Acknowledge, shelve and clear alerts',
  'alerts.manage': 'Change alert rules and what customers see of alerts',
  'commands.safe': 'Send commands that cannot stop a vehicle',
  'commands.immobilize': 'Immobilize and mobilize vehicles',
  'commission.work': 'Commission vehicles and swap their units',
  'batteries.swap': 'Swap the batteries of vehicles at swapping stations',
  'logbook.write': 'Write in the logbooks of vehicles',
} as const;

export type Permission = keyof typeof PERMISSIONS;

const ALL = Object.keys(PERMISSIONS) as Permission[];
const READ_ALL: readonly Permission[] = ['fleet.read', 'fleet.export', 'admin.read', 'sales.read', 'users.read', 'settings.read', 'intake.read', 'alerts.read'];

/** Role presets (docs: portal roles Super Admin, Admin, Operation, B2B; Operator and Technician are this product's own). */
export const ROLES = {
  'super-admin': { label: 'Super Admin', permissions: ALL },
  admin: { label: 'Admin', permissions: ALL },
  operation: { label: 'Operation', permissions: [...READ_ALL, 'audit.read'] },
  b2b: { label: 'B2B', permissions: ['fleet.read', 'fleet.export', 'sales.read'] },
  operator: { label: 'Operator', permissions: [...READ_ALL, 'alerts.work', 'commands.safe', 'batteries.swap', 'logbook.write'] },
  technician: { label: 'Technician', permissions: [...READ_ALL, 'commission.work', 'batteries.swap', 'logbook.write'] },
} as const satisfies Record<string, { label: string; permissions: readonly Permission[] }>;

export type Role = keyof typeof ROLES;

/** The MIS role of the portal: ADMIN sees the MIS dashboards, USER does not. */
export type MisRole = 'ADMIN' | 'USER';

/** The permissions of a role preset together with the MIS role; `mis.read` comes from the MIS role alone. */
export function permissionsOf(role: Role, misRole: MisRole): ReadonlySet<Permission> {
  const granted = new Set<Permission>(ROLES[role].permissions);
  if (misRole === 'ADMIN') granted.add('mis.read');
  else granted.delete('mis.read');
  return granted;
}

const SECOND_FACTOR_ROLES: readonly string[] = ['super-admin', 'admin'] satisfies readonly Role[];

/** Whether users of this role must sign in with a second factor (in the demo nobody must). */
export function needsSecondFactor(role: string): boolean {
  return SECOND_FACTOR_ROLES.includes(role);
}

/** Permissions whose use asks for a second factor that was shown lately, of users who have one. */
export const STEP_UP_PERMISSIONS: ReadonlySet<string> = new Set<Permission>(['users.manage']);
