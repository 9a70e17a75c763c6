import { parseDbc } from '#shared/domain/telemetry/dbc/parse.ts';
import { createDecoder } from '#shared/domain/telemetry/decode/decoder.ts';
import { largeDbc } from './decode-databases.ts';
import { threadTime } from './measure.ts';

/** A process of its own, because a file is loaded once, while nothing is warm: prints what it took as JSON. */
const bytes = new TextEncoder().encode(largeDbc(384 * 1024));
const start = threadTime();
const decoder = createDecoder(parseDbc(bytes).database);
const parsed = threadTime();
const [values, present] = [new Float64Array(decoder.maximumSignals), new Uint16Array(decoder.maximumSignals)];
const view = new DataView(new ArrayBuffer(64));
for (const message of decoder.messages) message.decode(view, 0, message.message.length, values, present);
const compiled = threadTime();
process.stdout.write(JSON.stringify({ kilobytes: Math.round(bytes.length / 1024), messages: decoder.messages.length, signals: decoder.signals.length, parse: parsed - start, compile: compiled - parsed }));
