import { z } from 'zod';
import { procedure } from '../rpc/definition.ts';

export const brokerSettings = z.object({
  kind: z.enum(['embedded', 'external']),
  /** mqtt:, mqtts:, ws: or wss: address of an external broker. */
  url: z.string().max(500).optional(),
  topicPrefix: z.string().max(100).default('evf/1'),
  fleet: z.string().max(100).default('+'),
  protocolVersion: z.union([z.literal(4), z.literal(5)]).default(4),
  clientId: z.string().max(100).optional(),
  /** What reads from an external broker; without it: thin. */
  receiver: z.enum(['thin', 'mqtt.js']).optional(),
  username: z.string().max(200).optional(),
  caPem: z.string().max(100_000).optional(),
  certificatePem: z.string().max(100_000).optional(),
  rejectUnauthorized: z.boolean().default(true),
});
export type BrokerSettings = z.infer<typeof brokerSettings>;

/** Secrets are written, never read back: a missing one keeps what is stored, an empty string removes it. */
export const brokerSecrets = z.object({ password: z.string().max(500).optional(), keyPem: z.string().max(100_000).optional(), keyPassphrase: z.string().max(500).optional() });

export const embeddedSettings = z.object({
  /** Loopback only, or reachable from the workshop's network; the latter needs a password. */
  lan: z.boolean(),
  port: z.number().int().min(0).max(65_535),
});

/** Which parts of the portal this installation has (shared/domain/features). */
export const features = z.object({ subscription: z.boolean(), customerCare: z.boolean(), sharedRides: z.boolean(), riderApp: z.boolean() });

export const settingsContract = {
  'settings.get': procedure({
    input: z.object({}),
    output: z.object({
      broker: brokerSettings,
      brokerSecrets: z.object({ password: z.boolean(), key: z.boolean() }),
      embedded: embeddedSettings.extend({ hasPassword: z.boolean(), addresses: z.array(z.string()), actualPort: z.number().optional() }),
      /** Path of a PMTiles file on this machine for street maps. */
      streetMapFile: z.string().optional(),
      features,
      dataFolder: z.string(),
      secretStore: z.enum(['keychain', 'file', 'memory']),
    }),
    access: { permission: 'settings.read' },
    doc: 'Settings of this installation, without secrets.',
  }),
  'settings.setBroker': procedure({
    input: z.object({ broker: brokerSettings, secrets: brokerSecrets }),
    output: z.object({}),
    access: { permission: 'settings.manage' },
    errors: ['refused'],
    doc: 'Changes the broker and reconnects.',
  }),
  'settings.testBroker': procedure({
    input: z.object({ broker: brokerSettings, secrets: brokerSecrets }),
    output: z.object({ ok: z.boolean(), text: z.string(), milliseconds: z.number() }),
    access: { permission: 'settings.manage' },
    doc: 'Connects once with these settings and says in words what happened.',
  }),
  'settings.setEmbedded': procedure({
    input: z.object({ embedded: embeddedSettings, password: z.string().max(200).optional() }),
    output: z.object({ actualPort: z.number().optional() }),
    access: { permission: 'settings.manage' },
    errors: ['refused', 'port-in-use'],
    doc: 'Changes how the embedded broker listens and restarts it.',
  }),
  'settings.setStreetMap': procedure({
    input: z.object({ file: z.string().max(1000).optional() }),
    output: z.object({}),
    access: { permission: 'settings.manage' },
    errors: ['not-found', 'refused'],
    doc: 'Sets or removes the PMTiles file for street maps; the file must exist and be a PMTiles archive.',
  }),
  'settings.setFeatures': procedure({
    input: z.object({ features }),
    output: z.object({}),
    access: { permission: 'settings.manage' },
    doc: 'Switches parts of the portal on and off for the whole installation; what they hold is kept.',
  }),
};
