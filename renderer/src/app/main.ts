import { z } from 'zod';
import '../ui/styles/index.ts';
import { startApp } from './start-app.ts';
import { connectToHost } from './connect.ts';
import { MODULES } from './modules.ts';

// zod probes `new Function`, which the content security policy forbids.
z.config({ jitless: true });

startApp({ target: '#app', modules: MODULES, connect: connectToHost });
