import { expect, test } from 'vitest';
import type { AppStatus } from '#shared/contract/app.ts';
import { chipState } from './connection-state.ts';

const at = new Date(2024, 1, 6, 14, 2).getTime();
const status = (state: AppStatus['broker']['state'], pendingChanges = 0): AppStatus => ({ asOf: at, workspace: 'demo', broker: { kind: 'embedded', state, since: at, address: '127.0.0.1:1883' }, store: { state: 'ok', since: at }, messagesPerSecond: 1, pendingChanges, notices: [] });

test('says live only when the window reaches the application and the application its broker', () => {
  expect(chipState('live', 0, status('connected'))).toEqual({ kind: 'live', text: 'Live' });
  expect(chipState('live', 0, status('offline'))).toEqual({ kind: 'offline', text: 'Offline since 14:02' });
  expect(chipState('reconnecting', at, status('connected'))).toEqual({ kind: 'offline', text: 'Offline since 14:02' });
  expect(chipState('connecting', at, undefined).kind).toBe('waiting');
});

test('says how many changes wait', () => {
  expect(chipState('live', 0, status('offline', 3)).text).toBe('Offline since 14:02 · 3 changes waiting');
});
