import { describe, expect, it } from 'vitest';
import { findAppBrowser, hasScreen } from './browser-window.ts';

const on = (platform: NodeJS.Platform, env: Record<string, string>, ...files: string[]) => ({ platform, env, exists: (path: string) => files.includes(path) });

describe('browser for the console', () => {
  it('is found on the path, in the usual folders, or where the variable says', () => {
    expect(findAppBrowser(on('linux', { PATH: '/bin:/usr/bin' }, '/usr/bin/chromium', '/usr/bin/google-chrome'))).toBe('/usr/bin/chromium');
    expect(findAppBrowser(on('linux', { PATH: '/bin', CHROMIUM: '/opt/c' }, '/opt/c'))).toBe('/opt/c');
    expect(findAppBrowser(on('darwin', { HOME: '/Users/a' }, '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'))).toContain('Google Chrome');
    expect(findAppBrowser(on('win32', { 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' }, 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'))).toContain('msedge.exe');
  });

  it('is not made up where there is none', () => {
    expect(findAppBrowser(on('linux', { PATH: '/bin', CHROMIUM: '/missing' }))).toBeUndefined();
    expect(findAppBrowser(on('win32', {}))).toBeUndefined();
  });

  it('needs a screen on Linux', () => {
    expect([hasScreen(on('linux', {})), hasScreen(on('linux', { DISPLAY: ':0' })), hasScreen(on('linux', { WAYLAND_DISPLAY: 'wayland-0' })), hasScreen(on('darwin', {}))]).toEqual([false, true, true, true]);
  });
});
