/** What belongs to one customer, or to nobody: the same members, so that one input can be asked of each. */
export interface Subject {
  readonly vehicleId: string;
  readonly vin: string;
  readonly deviceId: string;
  readonly customerId: string;
  readonly alertId: string;
  readonly saleId: string;
  readonly memberId: string;
  readonly leaseId: string;
  readonly userId: string;
  readonly operatorId: string;
  readonly email: string;
  readonly wallboardId: string;
  readonly sessionId: string;
}

/** What the cases name beside a subject. */
export interface Things {
  readonly own: Subject;
  readonly foreign: Subject;
  readonly cityId: string;
  readonly modelId: string;
  readonly batteryModelId: string;
  readonly stationId: string;
  readonly dbcHash: string;
  readonly ruleId: string;
  readonly from: number;
  readonly to: number;
}

type Input = Readonly<Record<string, unknown>>;

/**
 * How a procedure or stream behaves for one who sees some customers only.
 * `subject`: names one thing; another customer's is answered as a missing one. `filtered`: shows many; what is another customer's is not among
 * them, and is for one who sees all. `shared`: shows nothing that belongs to a customer. `everything`: refused to those who do not see all.
 * `self`: concerns the caller alone.
 */
export type ScopeCase =
  | { readonly kind: 'subject'; readonly input: (subject: Subject, things: Things) => Input; readonly own: 'differs' | 'not asked' }
  | { readonly kind: 'filtered'; readonly input: (things: Things) => Input; readonly control: 'shows foreign' | 'no foreign rows'; readonly provoke?: boolean }
  | { readonly kind: 'shared' | 'self'; readonly input: (things: Things) => Input; readonly why: string; readonly run: boolean }
  | { readonly kind: 'everything'; readonly input: (things: Things) => Input };

/** Of one thing; its own customer's is asked for as well, and must be answered otherwise than a missing one. */
export const subject = (input: (subject: Subject, things: Things) => Input): ScopeCase => ({ kind: 'subject', input, own: 'differs' });
/** Of one thing, whose own customer's is left alone: the act would change what other cases ask for. */
export const act = (input: (subject: Subject, things: Things) => Input): ScopeCase => ({ kind: 'subject', input, own: 'not asked' });
export const filtered = (input: (things: Things) => Input = () => ({})): ScopeCase => ({ kind: 'filtered', input, control: 'shows foreign' });
/** A count, a chart or a narrowed list, in which nothing of another customer is to be read even by who sees all. */
export const silent = (input: (things: Things) => Input = () => ({})): ScopeCase => ({ kind: 'filtered', input, control: 'no foreign rows' });
export const shared = (why: string, input: (things: Things) => Input = () => ({})): ScopeCase => ({ kind: 'shared', input, why, run: true });
/** Acts on the installation or signs somebody in or out: asked with every role that may not, run by nobody here. */
export const untouched = (why: string, input: (things: Things) => Input = () => ({})): ScopeCase => ({ kind: 'shared', input, why, run: false });
export const self = (why: string, input: (things: Things) => Input = () => ({})): ScopeCase => ({ kind: 'self', input, why, run: true });
export const everything = (input: (things: Things) => Input = () => ({})): ScopeCase => ({ kind: 'everything', input });
