import type { SignalDraft } from './facts.ts';
import { isKeyword, readNames, type Reading } from './reading.ts';
import type { Scanner } from './scanner.ts';

/** Holds the signals that are defined but sent in no message. */
export const UNUSED_SIGNALS_ID = 0xc0000000;
const EXTENDED_FLAG = 0x80000000;
const EXTENDED_MASK = 0x1fffffff;
/** Stands for "no node". */
export const PLACEHOLDER = 'Vector__XXX';

/** `BO_ id name: length sender` */
export function readMessage(reading: Reading, line: number): void {
  const { scanner, diagnostics, facts, limits } = reading;
  reading.message = undefined;
  reading.unused = false;
  const rawId = scanner.number('a message id');
  const name = scanner.word('a message name');
  scanner.expect(':');
  let length = scanner.number('the length in bytes');
  const next = scanner.peekWord();
  const sender = isKeyword(next) ? '' : next;
  scanner.position += sender.length;
  scanner.accept(';');
  if (scanner.failure !== undefined) return;
  if (rawId === UNUSED_SIGNALS_ID) {
    reading.unused = true;
    return;
  }
  const flagged = rawId >= EXTENDED_FLAG;
  const bare = flagged ? rawId - EXTENDED_FLAG : rawId;
  if (!Number.isInteger(rawId) || rawId < 0 || bare > EXTENDED_MASK) {
    diagnostics.add('error', 'bad-id', line, `Message ${name}: ${rawId} is no CAN id; message skipped.`);
    reading.message = undefined;
    skipSignals(reading);
    return;
  }
  if (!flagged && bare > 0x7ff) diagnostics.add('warning', 'bad-id', line, `Message ${name}: id 0x${bare.toString(16).toUpperCase()} needs 29 bits but is not marked as such; read as a 29-bit id.`);
  if (!Number.isInteger(length) || length < 0 || length > limits.messageLength) {
    diagnostics.add('error', 'bad-length', line, `Message ${name}: length ${length} is not between 0 and ${limits.messageLength} bytes.`);
    length = Number.isFinite(length) ? Math.min(Math.max(0, Math.trunc(length)), limits.messageLength) : 0;
  }
  if (facts.messages.length >= limits.messages) {
    diagnostics.add('error', 'too-large', line, `Message ${name}: more than ${limits.messages} messages; skipped.`);
    skipSignals(reading);
    return;
  }
  reading.message = {
    rawId, id: bare, extended: flagged || bare > 0x7ff, name, line, length,
    senders: new Set(sender === '' || sender === PLACEHOLDER ? [] : [sender]), signals: [], comment: undefined, attributes: undefined,
  };
  facts.messages.push(reading.message);
}

/** Signals of a message that was skipped go with it, without a finding each. */
export function skipSignals({ scanner }: Reading): void {
  while (scanner.peekWord() === 'SG_') scanner.position = Math.min(scanner.lines.nextLine(scanner.position), scanner.text.length);
}

/** `SG_ name [M|m1|m1M] : start|length@order sign (scale,offset) [min|max] "unit" receivers` */
export function readSignal(reading: Reading, line: number): void {
  const { scanner, diagnostics, facts, limits, message } = reading;
  const name = scanner.word('a signal name');
  const indicator = scanner.peekWord();
  scanner.position += indicator.length;
  const multiplex = /^(?:m(\d+))?(M)?$/.exec(indicator);
  if (multiplex === null) scanner.fail('M, m with a number, or ":"');
  const start = readLayout(scanner);
  const scaling = readScaling(scanner);
  const unit = scanner.peek() === '"' ? scanner.string('a unit') : '';
  const receivers = scanner.failure === undefined ? readReceivers(scanner) : [];
  scanner.accept(';');
  if (scanner.failure !== undefined || multiplex === null) return;
  if (reading.unused) {
    facts.unusedSignals.push(name);
    return;
  }
  if (message === undefined) {
    diagnostics.add('error', 'signal-without-message', line, `Signal ${name} belongs to no message; skipped.`);
    return;
  }
  if (!Number.isInteger(start.length) || start.length < 1 || start.length > 64 || !Number.isInteger(start.start) || start.start < 0 || start.start > 8 * limits.messageLength) {
    diagnostics.add('error', 'bad-length', line, `Signal ${name}: ${start.length} bit at ${start.start} cannot be read (1 to 64 bit); skipped.`);
    return;
  }
  if (message.signals.length >= limits.signalsPerMessage || reading.signalCount >= limits.signals) {
    diagnostics.add('error', 'too-large', line, `Signal ${name}: too many signals (${limits.signalsPerMessage} in a message, ${limits.signals} in a file); skipped.`);
    return;
  }
  reading.signalCount++;
  const draft: SignalDraft = {
    name, line, ...start, ...scaling, unit, receivers,
    multiplexor: multiplex[2] !== undefined, branch: multiplex[1] === undefined ? undefined : Number(multiplex[1]),
    float: false, multiplexing: undefined, choices: undefined, comment: undefined, attributes: undefined,
  };
  if (!Number.isFinite(draft.scale) || !Number.isFinite(draft.offset)) {
    diagnostics.add('error', 'bad-number', line, `Signal ${name}: scale ${draft.scale} and offset ${draft.offset} must be finite; read as 1 and 0.`);
    draft.scale = 1;
    draft.offset = 0;
  }
  message.signals.push(draft);
}

function readLayout(scanner: Scanner): Pick<SignalDraft, 'start' | 'length' | 'byteOrder' | 'signed'> {
  scanner.expect(':');
  const start = scanner.number('the start bit');
  scanner.expect('|');
  const length = scanner.number('the length in bits');
  scanner.expect('@');
  const order = scanner.number('0 or 1 (byte order)');
  if (order !== 0 && order !== 1) scanner.fail('0 or 1 (byte order)');
  const signed = scanner.accept('-');
  if (!signed && !scanner.accept('+')) scanner.fail('+ or -');
  return { start, length, byteOrder: order === 1 ? 'intel' : 'motorola', signed };
}

function readScaling(scanner: Scanner): Pick<SignalDraft, 'scale' | 'offset' | 'minimum' | 'maximum'> {
  scanner.expect('(');
  const scale = scanner.number('the scale');
  scanner.expect(',');
  const offset = scanner.number('the offset');
  scanner.expect(')');
  let minimum = 0;
  let maximum = 0;
  if (scanner.accept('[')) {
    minimum = scanner.number('the minimum');
    scanner.expect('|');
    maximum = scanner.number('the maximum');
    scanner.expect(']');
  }
  return { scale, offset, minimum, maximum };
}

function readReceivers(scanner: Scanner): string[] {
  return readNames(scanner, false).filter((name) => name !== PLACEHOLDER);
}
