export function exportHandlers(_o: unknown): { 'fleet.export': () => never } { return { 'fleet.export': () => { throw new Error('x'); } }; }
