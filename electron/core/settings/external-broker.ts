import type { ExternalBroker } from '#core/mqtt/connect-options.ts';
import type { BrokerSettings } from '#shared/contract/settings.ts';
import { checkAddress, type BrokerSecrets } from './settings.ts';

/** Settings and secrets as the receiver takes them. Throws AppError `refused` for an address that MQTT cannot use. */
export function externalBroker(settings: BrokerSettings, secrets: BrokerSecrets, clientId: string): ExternalBroker {
  const { url } = settings;
  checkAddress(url);
  return {
    url,
    protocolVersion: settings.protocolVersion,
    clientId,
    topicPrefix: settings.topicPrefix,
    fleet: settings.fleet,
    rejectUnauthorized: settings.rejectUnauthorized,
    ...(settings.username === undefined || settings.username === '' ? {} : { username: settings.username }),
    ...(settings.caPem ? { caPem: settings.caPem } : {}),
    ...(settings.certificatePem ? { certificatePem: settings.certificatePem } : {}),
    ...(secrets.password === undefined ? {} : { password: secrets.password }),
    ...(secrets.keyPem === undefined ? {} : { keyPem: secrets.keyPem }),
    ...(secrets.keyPassphrase === undefined ? {} : { keyPassphrase: secrets.keyPassphrase }),
  };
}
