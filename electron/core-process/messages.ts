import type { DownloadFile } from '#core/app/deps.ts';

/** What main asks of the core's process. `connect` carries one port, for a new window connection. */
export type ToCore =
  | { readonly kind: 'connect' }
  | { readonly kind: 'take-download'; readonly id: number; readonly token: string }
  | { readonly kind: 'street-map'; readonly id: number }
  | { readonly kind: 'stop' };

/** What the core's process tells main. After `fatal` it exits; the message is for a person. */
export type FromCore =
  /** The first message: the folder of all data, which the command line, the system or the user's environment name. */
  | { readonly kind: 'data-root'; readonly folder: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value: DownloadFile | string | undefined }
  | { readonly kind: 'fatal'; readonly message: string };

/** How main starts the core's process: everything it cannot find out by itself, as one JSON argument. */
export interface CoreProcessArguments {
  readonly version: string;
  readonly resourcesFolder: string;
  /** The command line of the application, for the options that the Node host has, too. */
  readonly args: readonly string[];
}
