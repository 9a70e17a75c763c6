import { networkInterfaces } from 'node:os';
import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import type { BrokerSettings } from '#shared/contract/settings.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import { checkAddress, type BrokerSecrets, type Settings } from './settings.ts';

/** What a change of settings does to the running intake. */
export interface IntakeControl {
  /** Port the embedded broker listens on, where it runs. */
  readonly embeddedPort: number | undefined;
  /** Starts receiving anew with the settings as they are stored now. */
  restart(): Promise<void>;
  test(broker: BrokerSettings, secrets: BrokerSecrets): Promise<{ ok: boolean; text: string; milliseconds: number }>;
}

export type SettingsHandlers = Pick<Handlers<AppContract, Principal>, 'settings.get' | 'settings.setBroker' | 'settings.testBroker' | 'settings.setEmbedded' | 'settings.setStreetMap' | 'settings.setFeatures'>;

/** Addresses of this machine in its networks, for units to connect to. */
function networkAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flat()
    .filter((entry) => entry !== undefined && !entry.internal && entry.family === 'IPv4')
    .map((entry) => entry!.address);
}

/** Handlers of the settings pages. */
export function settingsHandlers(settings: Settings, intake: IntakeControl, dataFolder: string): SettingsHandlers {
  return {
    'settings.get': async () => {
      const [secrets, units] = await Promise.all([settings.brokerSecrets(), settings.unitPassword()]);
      const file = settings.streetMapFile();
      return {
        broker: settings.broker(),
        brokerSecrets: { password: secrets.password !== undefined, key: secrets.keyPem !== undefined },
        embedded: {
          ...settings.embedded(),
          hasPassword: units !== undefined,
          addresses: settings.embedded().lan ? networkAddresses() : ['127.0.0.1'],
          ...(intake.embeddedPort === undefined ? {} : { actualPort: intake.embeddedPort }),
        },
        ...(file === undefined ? {} : { streetMapFile: file }),
        features: settings.features(),
        dataFolder,
        secretStore: settings.secretStore,
      };
    },
    'settings.setBroker': async (input, context) => {
      await settings.setBroker(principalOf(context), input.broker, input.secrets);
      await intake.restart();
      return {};
    },
    'settings.testBroker': async (input) => {
      checkAddress(input.broker.url);
      return intake.test(input.broker, await settings.withStored(input.secrets));
    },
    'settings.setEmbedded': async (input, context) => {
      await settings.setEmbedded(principalOf(context), input.embedded, input.password);
      await intake.restart();
      return intake.embeddedPort === undefined ? {} : { actualPort: intake.embeddedPort };
    },
    'settings.setFeatures': async (input, context) => {
      await settings.setFeatures(principalOf(context), input.features);
      return {};
    },
    'settings.setStreetMap': async (input, context) => {
      await settings.setStreetMap(principalOf(context), input.file === undefined || input.file === '' ? undefined : input.file);
      return {};
    },
  };
}
