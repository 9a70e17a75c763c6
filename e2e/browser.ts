import { CHROMIUM, findTool } from '../tools/system.ts';

const executablePath = findTool(CHROMIUM);

/** How Chromium is started here: WebGL in software, and no traffic of the browser's own. */
export const LAUNCH_OPTIONS = {
  ...(executablePath ? { executablePath } : {}),
  args: [
    '--no-sandbox',
    '--use-gl=angle',
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
    '--ignore-gpu-blocklist',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--disable-quic',
  ],
};

/** The person at the screen: an Indian English browser on Indian time. */
export const PERSON = { locale: 'en-IN', timezoneId: 'Asia/Kolkata' } as const;
