import { z } from 'zod';
import '../ui/styles/index.ts';
import { MODULES } from './modules.ts';
import { startApp } from './start-app.ts';
import { connectToHost } from './transport/connect-to-host.ts';
import { takeLaunchLinks } from './transport/launch-link.ts';

// zod probes `new Function`, which the content security policy forbids.
z.config({ jitless: true });

if (!takeLaunchLinks()) startApp({ target: '#app', modules: MODULES, connect: () => connectToHost() });
