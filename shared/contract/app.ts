import { z } from 'zod';
import { procedure, stream } from '../rpc/definition.ts';
import { features } from './settings.ts';

export const workspaceKind = z.enum(['demo', 'local']);
export type WorkspaceKind = z.infer<typeof workspaceKind>;

export const brand = z.object({
  name: z.string(),
  shortName: z.string(),
  logoUrl: z.string().optional(),
  accentLight: z.string(),
  accentDark: z.string(),
  supportText: z.string().optional(),
});
export type Brand = z.infer<typeof brand>;

export const noticeSeverity = z.enum(['critical', 'high', 'low', 'info']);

/** Something a person should know about the installation itself: a full disk, a dropped queue, a broker that is gone. */
export const notice = z.object({
  id: z.string(),
  severity: noticeSeverity,
  /** What happened and what to do. */
  text: z.string(),
  since: z.number(),
  count: z.number().optional(),
});
export type Notice = z.infer<typeof notice>;

export const brokerState = z.object({
  kind: z.enum(['embedded', 'external']),
  state: z.enum(['connected', 'connecting', 'offline']),
  /** Epoch ms of the last change of state. */
  since: z.number(),
  /** Host and port, never credentials. */
  address: z.string(),
  reason: z.string().optional(),
});

/** What the header's connection chip shows. `asOf` is the instant the picture of the fleet is true for. */
export const appStatus = z.object({
  asOf: z.number(),
  workspace: workspaceKind,
  broker: brokerState,
  store: z.object({ state: z.enum(['ok', 'slow', 'full', 'failed']), since: z.number(), text: z.string().optional() }),
  messagesPerSecond: z.number(),
  pendingChanges: z.number(),
  notices: z.array(notice),
});
export type AppStatus = z.infer<typeof appStatus>;

export const appContract = {
  'app.info': procedure({
    input: z.object({}),
    output: z.object({
      product: z.string(),
      version: z.string(),
      workspace: workspaceKind,
      brand,
      /** Shown on the login page of the demo only. */
      demoSignIn: z.object({ email: z.string(), password: z.string() }).optional(),
      /** The workspace has no user yet: the first administrator is to be made. */
      needsFirstUser: z.boolean(),
      /** Where static map data is served; the street basemap only where one is configured. */
      map: z.object({ basemapUrl: z.string(), streetMapUrl: z.string().optional() }),
      timeZone: z.string(),
      features,
    }),
    access: 'public',
    doc: 'What is needed to draw the login page.',
  }),
  'app.status': stream({
    input: z.object({}),
    item: appStatus,
    access: 'signed-in',
    coalesce: { mode: 'latest' },
    doc: 'Connection, store and notices; an item at every change and at least every 5 s.',
  }),
  'app.dismissNotice': procedure({
    input: z.object({ id: z.string() }),
    output: z.object({}),
    access: 'signed-in',
    doc: 'Hides a notice until it is raised again.',
  }),
  'workspace.list': procedure({
    input: z.object({}),
    output: z.object({ current: workspaceKind, workspaces: z.array(z.object({ kind: workspaceKind, title: z.string(), description: z.string(), folder: z.string() })) }),
    access: 'public',
    doc: 'The workspaces of this installation.',
  }),
  'workspace.open': procedure({
    input: z.object({ kind: workspaceKind }),
    output: z.object({}),
    access: 'public',
    errors: ['store-newer', 'store-corrupt', 'store-locked', 'store-unwritable'],
    doc: 'Closes the open workspace and opens another; connections are re-made by the client.',
  }),
  'preferences.get': procedure({
    input: z.object({ key: z.string().max(100) }),
    output: z.object({ value: z.unknown().optional() }),
    access: 'signed-in',
    doc: "One of the user's own preferences (columns, theme, filters).",
  }),
  'preferences.set': procedure({
    input: z.object({ key: z.string().max(100), value: z.unknown() }),
    output: z.object({}),
    access: 'signed-in',
    doc: "Stores one of the user's own preferences; JSON of at most 16 kB.",
    errors: ['too-large'],
  }),
};
