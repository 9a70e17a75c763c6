import { z } from 'zod';
import { ALERT_MUTES, ALERT_SEVERITIES, ALERT_STATES, ALERT_TABS, alertRuleValues, SHELF_TIMES, type ShelfTime } from '../domain/alerts/rule.ts';
import { WORKSHOP_HOURS } from '../domain/alerts/workshop.ts';
import { procedure, stream } from '../rpc/definition.ts';
import { session } from './auth.ts';
import { exportProgress } from './fleet.ts';

/** How the token of a wallboard begins; `auth.resume` and a host's `/session` take it too. */
export const WALLBOARD_TOKEN_PREFIX = 'wb_';

export const alertTab = z.enum(ALERT_TABS);
export const alertSeverity = z.enum(ALERT_SEVERITIES);
export const alertState = z.enum(ALERT_STATES);
const ids = z.array(z.string()).min(1).max(2000);
const shelfTime = z.enum(Object.keys(SHELF_TIMES) as [ShelfTime, ...ShelfTime[]]);

/** A row of the alert grid. Instants are epoch ms; `raisedAt` and `returnedAt` are event times. */
export const alertRow = z.object({
  alertId: z.string(),
  ruleId: z.string(),
  ruleVersion: z.number().int(),
  name: z.string(),
  tab: alertTab,
  severity: alertSeverity,
  state: alertState,
  vehicleId: z.string(),
  vin: z.string(),
  model: z.string(),
  customer: z.string().optional(),
  city: z.string().optional(),
  /** Where the vehicle was when it rose, in words. */
  place: z.string().optional(),
  lat: z.number().optional(),
  lon: z.number().optional(),
  raisedAt: z.number(),
  /** When the message that raised it was received. */
  receivedAt: z.number(),
  lastOccurrenceAt: z.number(),
  occurrences: z.number().int(),
  returnedAt: z.number().optional(),
  acknowledgedAt: z.number().optional(),
  acknowledgedBy: z.string().optional(),
  clearedAt: z.number().optional(),
  /** A user's name, or `Condition ended` where it cleared itself. */
  clearedBy: z.string().optional(),
  clearComment: z.string().optional(),
  /** Cleared while the condition held, by an administrator. */
  forced: z.boolean().optional(),
  shelvedUntil: z.number().optional(),
  shelvedBy: z.string().optional(),
  shelfReason: z.string().optional(),
  /** What muted it; such an alert is recorded and calls nobody. */
  mutedBy: z.enum(ALERT_MUTES).optional(),
  ownerId: z.string().optional(),
  owner: z.string().optional(),
  comments: z.number().int(),
  /** Value of the graph's parameter when it rose. */
  value: z.number().optional(),
  graphParameter: z.number().int().optional(),
  /** Open, unacknowledged and active for over a day. */
  stale: z.boolean(),
});
export type AlertRow = z.infer<typeof alertRow>;

export const alertFilter = z.object({
  tab: alertTab.optional(),
  /** `open`: everything not cleared, shelved or muted. */
  show: z.enum(['open', 'unacknowledged', 'shelved', 'suppressed', 'stale', 'cleared', 'all']).optional(),
  severities: z.array(alertSeverity).max(3).optional(),
  modelIds: z.array(z.string()).max(200).optional(),
  cityIds: z.array(z.string()).max(1000).optional(),
  customerIds: z.array(z.string()).max(1000).optional(),
  ownerId: z.string().optional(),
  ruleId: z.string().optional(),
  vehicleId: z.string().optional(),
  /** Raised in [from, to), epoch ms. */
  from: z.number().optional(),
  to: z.number().optional(),
  /** VIN, alert name, model, city, customer; case-insensitive. */
  search: z.string().max(200).optional(),
  /** Only those raised since the user signed in and not viewed before the bell was clicked at this instant. */
  sinceBell: z.number().optional(),
});
export type AlertFilter = z.infer<typeof alertFilter>;

const alertSort = z.object({ column: z.string(), direction: z.enum(['asc', 'desc']) });

/** One act on several alerts: how many it took effect on, and why not on the others. */
const actResult = z.object({ done: z.number().int(), refused: z.array(z.object({ alertId: z.string(), reason: z.string() })) });

/** Something that happened to an alert, oldest first. */
const alertEvent = z.object({
  at: z.number(),
  kind: z.enum(['raised', 'occurred', 'returned', 'acknowledged', 'shelved', 'unshelved', 'assigned', 'commented', 'cleared', 'muted', 'unmuted']),
  by: z.string().optional(),
  text: z.string().optional(),
});

const tabCounts = z.object({ open: z.number().int(), unacknowledged: z.number().int(), critical: z.number().int(), high: z.number().int(), low: z.number().int() });

export const alertSummary = z.object({
  /** Grows with every change of any alert in scope. */
  revision: z.number(),
  asOf: z.number(),
  tabs: z.record(alertTab, tabCounts),
  shelved: z.number().int(),
  suppressed: z.number().int(),
  stale: z.number().int(),
  /** Raised since the user signed in and not yet viewed. */
  bell: z.number().int(),
  /** More than 10 in 10 min, until fewer than 5: the list shows groups. */
  flood: z.object({ active: z.boolean(), since: z.number().optional(), inTenMinutes: z.number().int() }),
  /** The newest unmuted alert of each severity, for sound and desktop notification. */
  newest: z.array(z.object({ alertId: z.string(), severity: alertSeverity, name: z.string(), vin: z.string(), city: z.string().optional(), receivedAt: z.number() })),
});
export type AlertSummary = z.infer<typeof alertSummary>;

const ruleRow = alertRuleValues.extend({ ruleId: z.string(), version: z.number().int(), revision: z.number().int(), updatedAt: z.number(), updatedBy: z.string().optional(), openAlerts: z.number().int() });
export type AlertRuleRow = z.infer<typeof ruleRow>;

const count = z.object({ label: z.string(), count: z.number().int() });
const read = { permission: 'alerts.read' } as const;
/** On the page of a vehicle, which those see as well who have no alert module. */
const vehicle = { permission: 'fleet.read' } as const;
const work = { permission: 'alerts.work' } as const;
const manage = { permission: 'alerts.manage' } as const;

export const alertsContract = {
  'alerts.summary': stream({ input: z.object({}), item: alertSummary, access: read, coalesce: { mode: 'latest' }, doc: 'Counts of the tabs, the bell and the flood state, at once and at every change, at most four a second.' }),
  'alerts.list': procedure({
    input: z.object({ filter: alertFilter, sort: alertSort.optional(), offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) }),
    output: z.object({ revision: z.number(), asOf: z.number(), total: z.number(), rows: z.array(alertRow) }),
    access: read,
    doc: 'A page of alerts in scope: open ones where nothing is said, raised last first where no sort is given, ties broken by id.',
  }),
  'alerts.newSince': procedure({
    input: z.object({ filter: alertFilter, revision: z.number() }),
    output: z.object({ revision: z.number(), added: z.number().int(), changed: z.number().int() }),
    access: read,
    doc: 'How many alerts that match were added and changed since a revision: what waits behind "N new".',
  }),
  'alerts.groups': procedure({
    input: z.object({ filter: alertFilter }),
    output: z.object({ groups: z.array(z.object({ city: z.string().optional(), ruleId: z.string(), name: z.string(), tab: alertTab, severity: alertSeverity, count: z.number().int(), unacknowledged: z.number().int(), first: alertRow })) }),
    access: read,
    doc: 'Open alerts that match, grouped by city and rule, Critical first, each with its first-out alert.',
  }),
  'alerts.get': procedure({
    input: z.object({ alertId: z.string() }),
    output: z.object({
      row: alertRow,
      batteryId: z.string().optional(),
      riderName: z.string().optional(),
      riderPhone: z.string().optional(),
      customerPhone: z.string().optional(),
      action: z.string(),
      /** The rule's condition in words. */
      condition: z.string(),
      /** Limit lines of the graph, with the dead-band on the side of normal. */
      limits: z.array(z.object({ op: z.string(), value: z.number(), deadBand: z.number().optional() })),
      insights: z.array(z.object({ parameter: z.number().int(), value: z.number(), time: z.number() })),
      events: z.array(alertEvent),
      comments: z.array(z.object({ commentId: z.string(), at: z.number(), by: z.string(), text: z.string() })),
      pastCount: z.number().int(),
      /** Why clearing would be refused now: the condition still holds. */
      clearRefusal: z.string().optional(),
      shelvable: z.boolean(),
    }),
    access: read,
    errors: ['not-found'],
    doc: 'One alert with everything the details show; an alert out of scope is not found.',
  }),
  'alerts.past': procedure({
    input: z.object({ alertId: z.string(), offset: z.number().int().min(0), limit: z.number().int().min(1).max(100) }),
    output: z.object({ total: z.number(), rows: z.array(alertRow.extend({ /** Raised to cleared, ms. */ turnAround: z.number().optional() })) }),
    access: read,
    errors: ['not-found'],
    doc: 'Earlier alerts of the same rule on the same vehicle, newest first.',
  }),
  'alerts.forVehicle': procedure({
    input: z.object({ vehicleId: z.string(), from: z.number(), to: z.number() }),
    output: z.object({ alerts: z.array(alertRow), truncated: z.boolean() }),
    access: vehicle,
    errors: ['not-found'],
    doc: 'Alerts of a vehicle that were open in [from, to), oldest first: marks for time lines.',
  }),
  'alerts.frames': procedure({
    input: z.object({ vehicleId: z.string(), parameter: z.number().int(), at: z.number() }),
    output: z.object({
      records: z.array(
        z.object({
          time: z.number(),
          receivedAt: z.number(),
          topic: z.string(),
          payload: z.string(),
          frames: z.array(z.object({ time: z.number(), bus: z.number().int(), id: z.number().int(), extended: z.boolean(), data: z.string(), message: z.string().optional(), signals: z.array(z.object({ name: z.string(), value: z.number(), unit: z.string(), text: z.string().optional() })) })),
        }),
      ),
    }),
    access: read,
    errors: ['not-found', 'unavailable'],
    doc: 'The stored messages behind a point of a graph, with their CAN frames decoded; data in hex.',
  }),
  'alerts.acknowledge': procedure({ input: z.object({ alertIds: ids }), output: actResult, access: work, doc: 'Acknowledges alerts.' }),
  'alerts.clear': procedure({
    input: z.object({ alertIds: ids, comment: z.string().trim().min(1).max(2000), /** An administrator clears while the condition holds; the alert is shelved for 8 h. */ force: z.boolean().optional() }),
    output: actResult,
    access: work,
    doc: 'Clears alerts with a comment; refused for those whose condition still holds, unless forced.',
  }),
  'alerts.shelve': procedure({ input: z.object({ alertIds: ids, duration: shelfTime, reason: z.string().trim().min(1).max(500) }), output: actResult, access: work, doc: 'Puts alerts aside for a time; thermal criticals are refused.' }),
  'alerts.unshelve': procedure({ input: z.object({ alertIds: ids }), output: actResult, access: work, doc: 'Takes alerts back from the shelf before their time.' }),
  'alerts.assign': procedure({ input: z.object({ alertIds: ids, /** Absent: nobody. */ ownerId: z.string().optional() }), output: actResult, access: work, doc: 'Makes a user the owner of alerts.' }),
  'alerts.comment': procedure({ input: z.object({ alertId: z.string(), text: z.string().trim().min(1).max(2000) }), output: z.object({ commentId: z.string() }), access: work, errors: ['not-found'], doc: 'Adds to the comment thread of an alert.' }),
  'alerts.viewed': procedure({ input: z.object({}), output: z.object({ /** Use as `sinceBell` of a filter. */ since: z.number() }), access: read, doc: 'The bell was clicked: sets its count to 0 and returns from when on alerts were unviewed.' }),
  'alerts.owners': procedure({ input: z.object({}), output: z.object({ owners: z.array(z.object({ userId: z.string(), name: z.string() })) }), access: work, doc: 'Users who may own alerts.' }),
  'alerts.charts': procedure({
    input: z.object({ filter: alertFilter, days: z.union([z.literal(7), z.literal(30)]), timeZone: z.string().max(60) }),
    output: z.object({ perDay: z.array(z.object({ date: z.string(), critical: z.number().int(), high: z.number().int(), low: z.number().int() })), top: z.array(count), /** The cities with the most; one entry without id and name is of vehicles in no city. */ byLocation: z.array(z.object({ cityId: z.string().optional(), city: z.string(), count: z.number().int() })), /** Alerts of the cities beyond those. */ otherLocations: z.number().int() }),
    access: read,
    doc: 'Alerts raised in the last 7 or 30 days: per day, the five most frequent, and by city.',
  }),
  'alerts.kpi': procedure({
    input: z.object({ from: z.number(), to: z.number(), timeZone: z.string().max(60) }),
    output: z.object({
      /** Operator positions by which rates are divided. */
      positions: z.number().int(),
      total: z.number().int(),
      perHour: z.object({ mean: z.number(), max: z.number(), goal: z.number() }),
      perTenMinutes: z.object({ mean: z.number(), max: z.number(), goal: z.number() }),
      /** Share of ten-minute periods with more than ten alerts, 0–1. */
      floodShare: z.number(),
      /** Share of all alerts that the ten most frequent rules raised, 0–1. */
      topTenShare: z.number(),
      top: z.array(z.object({ ruleId: z.string(), name: z.string(), count: z.number().int() })),
      /** Three or more occurrences within a minute. */
      chattering: z.array(z.object({ ruleId: z.string(), name: z.string(), vin: z.string(), occurrences: z.number().int() })),
      stale: z.number().int(),
      /** Raised to cleared, ms. */
      turnAround: z.object({ count: z.number().int(), median: z.number().optional(), p90: z.number().optional() }),
      hours: z.array(z.object({ at: z.number(), count: z.number().int() })),
      suppressed: z.array(z.object({ mutedBy: z.enum(ALERT_MUTES), count: z.number().int() })),
    }),
    access: read,
    doc: 'Alarm performance by IEC 62682: rates per operator position against 6 an hour and 12 a burst, floods, chattering, stale, turn-around.',
  }),
  'alerts.shiftNotes': procedure({ input: z.object({}), output: z.object({ notes: z.array(z.object({ noteId: z.string(), at: z.number(), by: z.string(), text: z.string() })) }), access: { permission: 'admin.read' }, doc: 'Notes that shifts left to the next, newest first, at most 100.' }),
  'alerts.addShiftNote': procedure({ input: z.object({ text: z.string().trim().min(1).max(4000) }), output: z.object({ noteId: z.string() }), access: work, doc: 'Keeps a note for the next shift.' }),
  'alerts.setPositions': procedure({ input: z.object({ positions: z.number().int().min(1).max(50) }), output: z.object({}), access: manage, doc: 'How many operators share the alerts: floods and figures count per position.' }),
  'alerts.workshop': procedure({ input: z.object({ vehicleId: z.string() }), output: z.object({ /** Epoch ms; absent: it is not in workshop mode. */ until: z.number().optional(), reason: z.string().optional(), by: z.string().optional() }), access: vehicle, errors: ['not-found'], doc: 'Whether a vehicle is in workshop mode, until when, why and by whom.' }),
  'alerts.enterWorkshop': procedure({
    input: z.object({ vehicleId: z.uuid(), hours: z.union(WORKSHOP_HOURS.map((hours) => z.literal(hours))), reason: z.string().trim().min(1).max(500) }),
    output: z.object({ until: z.number() }),
    access: vehicle,
    errors: ['not-found'],
    doc: 'Mutes all alerts of a vehicle but the thermal critical ones for so long; for those who work on alerts or commission vehicles.',
  }),
  'alerts.leaveWorkshop': procedure({ input: z.object({ vehicleId: z.uuid() }), output: z.object({}), access: vehicle, errors: ['not-found'], doc: 'Ends workshop mode before its time.' }),
  'alerts.export': stream({ input: z.object({ filter: alertFilter, sort: alertSort.optional(), timeZone: z.string().max(60) }), item: exportProgress, access: read, coalesce: { mode: 'latest' }, errors: ['store-full', 'cancelled'], doc: 'Writes all alerts that match as .xlsx; closing the stream cancels.' }),
  'alertRules.list': procedure({ input: z.object({}), output: z.object({ rules: z.array(ruleRow) }), access: read, doc: 'Every alert rule; for users limited to customers, those they may see.' }),
  'alertRules.save': procedure({
    input: z.object({ ruleId: z.string().optional(), /** The revision that was edited; absent for a new rule. */ revision: z.number().int().optional(), values: alertRuleValues }),
    output: z.object({ ruleId: z.string(), version: z.number().int(), revision: z.number().int() }),
    access: manage,
    errors: ['not-found', 'stale', 'not-unique'],
    doc: 'Adds a rule, or changes one by a new version.',
  }),
  'alertRules.remove': procedure({ input: z.object({ ruleId: z.string(), revision: z.number().int() }), output: z.object({}), access: manage, errors: ['not-found', 'stale'], doc: 'Removes a rule; its open alerts are cleared with that reason, its past ones stay.' }),
  'alertRules.history': procedure({ input: z.object({ ruleId: z.string() }), output: z.object({ versions: z.array(z.object({ version: z.number().int(), at: z.number(), by: z.string(), values: alertRuleValues })) }), access: read, errors: ['not-found'], doc: 'Every version of a rule, newest first.' }),
  'alertRules.try': stream({
    input: z.object({ values: alertRuleValues, days: z.number().int().min(1).max(90) }),
    item: z.object({
      vehiclesDone: z.number().int(),
      vehicles: z.number().int(),
      state: z.enum(['running', 'done']),
      alerts: z.number().int(),
      perDay: z.array(z.object({ date: z.string(), count: z.number().int() })),
      byVehicle: z.array(z.object({ vehicleId: z.string(), vin: z.string(), count: z.number().int(), /** Total time it would have been active, ms. */ active: z.number() })),
      examples: z.array(z.object({ vehicleId: z.string(), vin: z.string(), raisedAt: z.number(), returnedAt: z.number().optional(), value: z.number().optional() })),
    }),
    access: manage,
    coalesce: { mode: 'latest' },
    errors: ['cancelled', 'unavailable'],
    doc: 'Runs a rule over the stored history of the vehicles it would apply to: how many alerts, on which vehicles; closing the stream cancels.',
  }),
  'alertTabs.get': procedure({ input: z.object({}), output: z.object({ tabs: z.array(alertTab), byCustomer: z.array(z.object({ customerId: z.string(), customer: z.string(), hidden: z.array(alertTab) })) }), access: read, doc: 'Which tabs the user sees, and, for those who read all master data, what is hidden from which customer.' }),
  'alertTabs.set': procedure({ input: z.object({ customerId: z.string(), hidden: z.array(alertTab) }), output: z.object({}), access: manage, errors: ['not-found'], doc: 'Hides tabs from the users of a customer.' }),
  'wallboard.tokens': procedure({ input: z.object({}), output: z.object({ tokens: z.array(z.object({ tokenId: z.string(), name: z.string(), createdAt: z.number(), createdBy: z.string(), expiresAt: z.number(), lastSeenAt: z.number().optional() })) }), access: { permission: 'settings.read' }, doc: 'Wallboards that may sign in by themselves.' }),
  'wallboard.create': procedure({ input: z.object({ name: z.string().trim().min(1).max(60), days: z.number().int().min(1).max(400) }), output: z.object({ tokenId: z.string(), /** Path that opens the wallboard, behind the console's own origin: `/?wall=1#token=wb_…`; shown once. */ address: z.string() }), access: { permission: 'settings.manage' }, doc: 'Makes a read-only device token for a wallboard.' }),
  'wallboard.revoke': procedure({ input: z.object({ tokenId: z.string() }), output: z.object({}), access: { permission: 'settings.manage' }, errors: ['not-found'], doc: 'Ends a wallboard’s token and its windows.' }),
  'wallboard.signIn': procedure({ input: z.object({ token: z.string().max(200) }), output: session, access: 'public', errors: ['forbidden', 'too-many-attempts'], doc: 'Signs this window in as a wallboard: read-only, for as long as the token lives.' }),
};
