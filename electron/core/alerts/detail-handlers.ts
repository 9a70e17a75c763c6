import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import { alert, type AlertRecord } from '#shared/resources/alert.ts';
import { customer } from '#shared/resources/customer.ts';
import type { LoggedChange } from '#shared/sync/change.ts';
import { HOLDS } from '#shared/sync/mutators/alert.ts';
import { limitsOf, ruleWords } from '#shared/domain/alerts/condition-words.ts';
import { alertRowOf, present } from './rows.ts';
import { visibleAlert, type AlertServices } from './services.ts';

/** Entries of an alert's story that one answer has at most. */
const EVENTS = 1000;

type Story = { at: number; kind: 'raised' | 'occurred' | 'returned' | 'acknowledged' | 'shelved' | 'unshelved' | 'assigned' | 'commented' | 'cleared' | 'muted' | 'unmuted'; by?: string; text?: string };

/** The handler of one alert with everything its details show. */
export function alertDetailHandlers(services: AlertServices): Pick<Handlers<AppContract, Principal>, 'alerts.get'> {
  const { operations, reader, book, names, catalogue, clock } = services;

  function story(row: AlertRecord): Story[] {
    const machine = reader.events(row.id).map((event): Story => present({ at: event.at, kind: event.kind as Story['kind'], text: event.text }));
    const people = operations.read.history(alert, row.id, { limit: EVENTS }).flatMap((change) => actsOf(change, names.userName));
    return [...machine, ...people].sort((a, b) => a.at - b.at).slice(-EVENTS);
  }

  return {
    'alerts.get': ({ alertId }, context) => {
      const row = visibleAlert(services, principalOf(context), alertId);
      const rule = book.version(row.ruleId, row.ruleVersion);
      const vehicle = names.directory.vehicle(row.vehicleId);
      const owner = vehicle?.customerId === undefined ? undefined : operations.read.get(customer, vehicle.customerId);
      return present({
        row: alertRowOf(row, names, clock.now()),
        batteryId: vehicle?.bmsId,
        riderName: vehicle?.userName,
        riderPhone: vehicle?.phone,
        customerPhone: owner?.phone,
        action: rule?.action ?? '',
        condition: rule === undefined ? '' : ruleWords(rule, catalogue),
        limits: rule === undefined ? [] : limitsOf(rule),
        insights: row.insights.map((insight) => ({ ...insight })),
        events: story(row),
        comments: reader.comments(row.id).map((comment) => ({ commentId: comment.id, at: comment.createdAt, by: comment.author, text: comment.text })),
        pastCount: reader.past(row, 0, 0).total,
        clearRefusal: row.clearedAt === undefined && row.returnedAt === undefined ? HOLDS : undefined,
        shelvable: rule?.shelvable ?? true,
      });
    },
  };
}

/** What people did, as the change log of the alert tells it. */
function actsOf(change: Omit<LoggedChange, 'row'>, userName: (userId: string) => string | undefined): Story[] {
  const by = userName(change.userId) ?? change.userId;
  const to = (key: string): unknown => {
    const field = change.fields[key];
    return field === undefined || 'withheld' in field ? undefined : field.to;
  };
  const text = (key: string): string | undefined => (typeof to(key) === 'string' ? String(to(key)) : undefined);
  const acts: Story[] = [];
  const add = (kind: Story['kind'], words?: string): void => void acts.push(present({ at: change.at, kind, by, text: words }));
  if (to('clearedAt') !== undefined) add('cleared', text('clearComment'));
  else if (to('acknowledgedAt') !== undefined) add('acknowledged');
  else if ('shelvedUntil' in change.fields) add(to('shelvedUntil') === undefined ? 'unshelved' : 'shelved', text('shelfReason'));
  if ('ownerId' in change.fields) add('assigned', to('ownerId') === undefined ? 'Nobody' : userName(String(to('ownerId'))));
  if ('comments' in change.fields) add('commented');
  return acts;
}
