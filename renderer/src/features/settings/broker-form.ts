import type { BrokerSettings } from '#shared/contract/settings.ts';
import type { InputOf } from '#shared/contract/index.ts';
import { t } from './messages.ts';

export type BrokerSecrets = InputOf<'settings.setBroker'>['secrets'];

/** What the form edits: the settings with every text present, and the secrets that are to be changed. */
export interface BrokerForm {
  kind: 'embedded' | 'external';
  url: string;
  topicPrefix: string;
  fleet: string;
  protocolVersion: 4 | 5;
  clientId: string;
  receiver: 'thin' | 'mqtt.js';
  username: string;
  caPem: string | undefined;
  certificatePem: string | undefined;
  rejectUnauthorized: boolean;
  password: string | undefined;
  keyPem: string | undefined;
  keyPassphrase: string | undefined;
}

/** The form that shows these settings. */
export function toForm(broker: BrokerSettings): BrokerForm {
  return {
    kind: broker.kind,
    url: broker.url ?? '',
    topicPrefix: broker.topicPrefix,
    fleet: broker.fleet,
    protocolVersion: broker.protocolVersion,
    clientId: broker.clientId ?? '',
    receiver: broker.receiver ?? 'thin',
    username: broker.username ?? '',
    caPem: broker.caPem,
    certificatePem: broker.certificatePem,
    rejectUnauthorized: broker.rejectUnauthorized,
    password: undefined,
    keyPem: undefined,
    keyPassphrase: undefined,
  };
}

/** Settings and secrets as the contract takes them; empty texts are left out, untouched secrets too. */
export function fromForm(form: BrokerForm): { broker: BrokerSettings; secrets: BrokerSecrets } {
  const text = (value: string | undefined): string | undefined => (value === undefined || value.trim() === '' ? undefined : value.trim());
  const present = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
  return {
    broker: present({
      kind: form.kind,
      url: text(form.url),
      topicPrefix: form.topicPrefix.trim(),
      fleet: form.fleet.trim(),
      protocolVersion: form.protocolVersion,
      clientId: text(form.clientId),
      receiver: form.receiver === 'thin' ? undefined : form.receiver,
      username: text(form.username),
      caPem: text(form.caPem),
      certificatePem: text(form.certificatePem),
      rejectUnauthorized: form.rejectUnauthorized,
    }),
    secrets: present({ password: form.password, keyPem: form.keyPem, keyPassphrase: form.keyPassphrase }),
  };
}

/** Whether the address asks for encryption. */
export function usesTls(url: string): boolean {
  return /^(mqtts|wss):/i.test(url.trim());
}

function urlProblem(url: string): string | undefined {
  try {
    const parsed = new URL(url.trim());
    return /^(mqtts?|wss?):$/.test(parsed.protocol) && parsed.hostname !== '' ? undefined : t('broker.problemUrl');
  } catch {
    return t('broker.problemUrl');
  }
}

/** What is wrong with each field; no entry where nothing is. */
export function brokerProblems(form: BrokerForm): Partial<Record<'url' | 'topicPrefix' | 'fleet', string>> {
  const problems: Partial<Record<'url' | 'topicPrefix' | 'fleet', string>> = {};
  if (form.kind === 'external') {
    const problem = urlProblem(form.url);
    if (problem !== undefined) problems.url = problem;
  }
  if (!/^[^+#\s]+$/.test(form.topicPrefix.trim()) || /^\/|\/$|\/\//.test(form.topicPrefix.trim())) problems.topicPrefix = t('broker.problemPrefix');
  if (!/^(\+|[^+#/\s]+)$/.test(form.fleet.trim())) problems.fleet = t('broker.problemFleet');
  return problems;
}
