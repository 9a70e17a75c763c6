import { join } from 'node:path';

export interface PlatformFacts {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The folder of this installation's data where none is named: `~/.local/share/command-center` (XDG base directories),
 * `~/Library/Application Support/Command Center`, `%LOCALAPPDATA%\Command Center`.
 */
export function defaultDataRoot({ platform, home, env }: PlatformFacts): string {
  switch (platform) {
    case 'win32':
      return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'Command Center');
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Command Center');
    default:
      return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'command-center');
  }
}
