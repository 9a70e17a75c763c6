import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDecoder } from '../decode/decoder.ts';
import type { DbcSignal } from './model.ts';
import { parseDbc } from './parse.ts';

const codes = (text: string): string[] => parseDbc(text).diagnostics.map(({ line, severity, code }) => `${line} ${severity} ${code}`);
const signalOf = (text: string): DbcSignal => {
  const signal = parseDbc(text).database.messages[0]?.signals[0];
  if (signal === undefined) throw new Error('no signal');
  return signal;
};

/** Pieces of which random files are made: whole statements, and the bits where reading goes wrong. */
const PIECES = [
  'BO_ 1 A: 8 X\n', 'BO_ 2147483650 B: 64 Y\n', ' SG_ S : 0|8@1+ (1,0) [0|0] "" X\n', ' SG_ M M : 0|8@1+ (1,0) [0|0] "u" X,Y\n', ' SG_ T m1 : 8|16@0- (0.1,-40) [0|1] "" X\n',
  ' SG_ N m2M : 16|8@0+ (1E-3,1e400) [-inf|nan] "" X\n', 'SG_MUL_VAL_ 1 T M 1-3, 5;', 'VAL_ 1 S 0 "a" 1 "b" ;\n', 'VAL_ 1 S Table ;', 'VAL_TABLE_ Table 1 "x" ;', 'CM_ SG_ 1 S "c";\n', 'CM_ "',
  'BA_DEF_ BO_ "GenMsgCycleTime" INT 0 1;', 'BA_ "GenMsgCycleTime" BO_ 1 5;', 'BA_DEF_ SG_ "E" ENUM "a","b";', 'BA_ "E" SG_ 1 S 7;', 'SIG_VALTYPE_ 1 S : 1;', 'BO_TX_BU_ 1 : X,Y;', 'NS_ :\n CM_\n', 'BS_:', 'BU_: X Y\n',
  'VERSION "', '"', '\\"', ';', '\n', '\r', '//', ' : ', '|', '@', '-1', '99999999999', 'EV_ e: 0 [0|0] "" 0 1 X Y;', '__proto__', 'constructor', '\u0000', '\ud800',
];

describe('parseDbc', () => {
  it('never throws, whatever it is given, and what it returns can be decoded with', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 8 })), { maxLength: 60 }), (pieces) => {
      const { database, diagnostics } = parseDbc(pieces.join(''));
      for (const { line } of diagnostics) expect(line).toBeGreaterThanOrEqual(1);
      const view = new DataView(new ArrayBuffer(64));
      for (const mode of ['compiled', 'interpreted'] as const) {
        const decoder = createDecoder(database, { mode });
        const [values, present] = [new Float64Array(decoder.maximumSignals), new Uint16Array(decoder.maximumSignals)];
        for (const message of decoder.messages) expect(message.decode(view, 0, message.message.length, values, present)).toBeLessThanOrEqual(message.signalCount);
      }
    }), { numRuns: 3000 });
  });

  it('reads any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => { parseDbc(bytes); }));
  });

  it('gives up on multiplexors nested beyond reason instead of failing', () => {
    const depth = 4000;
    const signals = Array.from({ length: depth }, (_, i) => ` SG_ S${i} ${i === 0 ? 'M' : 'm1M'} : 0|8@1+ (1,0) [0|0] "" X\n`).join('');
    const selections = Array.from({ length: depth - 1 }, (_, i) => `SG_MUL_VAL_ 1 S${i + 1} S${i} 1-1;\n`).join('');
    const { database } = parseDbc(`BO_ 1 A: 8 X\n${signals}${selections}`);
    expect(database.messages[0]?.signals).toHaveLength(33);
  });


  it('reads a signal with everything that a line can say', () => {
    expect(signalOf('BO_ 256 Battery: 8 BMS\n SG_ Current : 7|16@0- (0.1,-10) [-3276.8|3276.7] "A" VCU,MCU\n')).toMatchObject({
      name: 'Current', start: 7, length: 16, byteOrder: 'motorola', signed: true, float: false, scale: 0.1, offset: -10,
      minimum: -3276.8, maximum: 3276.7, unit: 'A', receivers: ['VCU', 'MCU'], multiplexor: false, multiplexing: undefined, line: 2,
    });
  });

  it('takes bit 31 of an id as the mark of a 29-bit id', () => {
    const [message] = parseDbc('BO_ 2566844926 CCVS1: 8 Vector__XXX\n').database.messages;
    expect(message).toMatchObject({ id: 0x18fef1fe, extended: true, senders: [], frameFormat: 'extended' });
  });

  it('reads an unmarked id above 0x7FF as a 29-bit id and says so', () => {
    const { database, diagnostics } = parseDbc('BO_ 4096 Wide: 8 X\n');
    expect(database.messages[0]).toMatchObject({ id: 4096, extended: true });
    expect(diagnostics).toMatchObject([{ line: 1, severity: 'warning', code: 'bad-id' }]);
  });

  it('keeps unused signals out of the messages', () => {
    const { database, diagnostics } = parseDbc('BO_ 3221225472 VECTOR__INDEPENDENT_SIG_MSG: 0 Vector__XXX\n SG_ Parked : 0|8@1+ (1,0) [0|0] "" X\nCM_ SG_ 3221225472 Parked "later";\nBO_ 1 Real: 1 X\n');
    expect(database.unusedSignals).toEqual(['Parked']);
    expect(database.messages.map(({ name }) => name)).toEqual(['Real']);
    expect(diagnostics).toEqual([]);
  });

  it('applies comments, value tables, attributes and value types that precede their message', () => {
    const { database, diagnostics } = parseDbc(`
VAL_ 16 Mode 0 "Off" 1 "On" -1 "Lost" ;
CM_ SG_ 16 Mode "what the driver chose";
CM_ BO_ 16 "sent by the VCU";
CM_ BU_ VCU "vehicle control";
CM_ "the bus";
SIG_VALTYPE_ 16 Torque : 1;
BA_ "GenMsgCycleTime" BO_ 16 100;
BA_ "GenSigStartValue" SG_ 16 Mode 2;
BA_DEF_ BO_ "GenMsgCycleTime" INT 0 65535;
BA_DEF_ SG_ "GenSigStartValue" FLOAT 0 1E+05;
BA_DEF_DEF_ "GenMsgCycleTime" 0;
BU_: VCU
BO_ 16 Drive: 8 VCU
 SG_ Mode : 0|8@1- (1,0) [0|0] "" VCU
 SG_ Torque : 8|32@1- (1,0) [0|0] "Nm" VCU
`);
    expect(diagnostics).toEqual([]);
    expect(database).toMatchObject({ comment: 'the bus', nodes: [{ name: 'VCU', comment: 'vehicle control' }] });
    const [drive] = database.messages;
    expect(drive).toMatchObject({ comment: 'sent by the VCU', cycleTime: 100 });
    expect(drive?.signals).toMatchObject([
      { comment: 'what the driver chose', startValue: 2, choices: [{ value: 0, label: 'Off' }, { value: 1, label: 'On' }, { value: -1, label: 'Lost' }] },
      { float: true },
    ]);
  });

  it('takes the frame format by its label, since vendors number it differently', () => {
    const labels = '"StandardCAN","ExtendedCAN","J1939PG","StandardCAN_FD","ExtendedCAN_FD"';
    const { database } = parseDbc(`
BO_ 2147483649 A: 8 X
BO_ 2147483650 B: 8 X
BO_ 3 C: 8 X
BO_ 4 D: 8 X
BA_DEF_ BO_ "VFrameFormat" ENUM ${labels};
BA_DEF_DEF_ "VFrameFormat" "StandardCAN";
BA_ "VFrameFormat" BO_ 2147483649 2;
BA_ "VFrameFormat" BO_ 2147483650 "ExtendedCAN_FD";
BA_ "VFrameFormat" BO_ 3 3;
`);
    expect(database.messages.map(({ frameFormat }) => frameFormat)).toEqual(['j1939', 'extended-fd', 'standard-fd', 'standard']);
  });

  it('treats every 29-bit id as J1939 where only the protocol is named', () => {
    const { database } = parseDbc('BA_DEF_ "ProtocolType" STRING;\nBA_ "ProtocolType" "J1939";\nBO_ 2147483649 A: 8 X\nBO_ 2 B: 8 X\n');
    expect(database.messages.map(({ frameFormat }) => frameFormat)).toEqual(['j1939', 'standard']);
  });

  it('restores names longer than 32 characters, also where they are referred to', () => {
    const { database } = parseDbc(`
BU_: Node_1
BO_ 1 Msg_1: 8 Node_1
 SG_ Sel_1 M : 0|8@1+ (1,0) [0|0] "" Node_1
 SG_ Val m1 : 8|8@1+ (1,0) [0|0] "" Node_1
BA_DEF_ BU_ "SystemNodeLongSymbol" STRING;
BA_DEF_ BO_ "SystemMessageLongSymbol" STRING;
BA_DEF_ SG_ "SystemSignalLongSymbol" STRING;
BA_DEF_DEF_ "SystemMessageLongSymbol" "";
BA_ "SystemNodeLongSymbol" BU_ Node_1 "A_node_with_a_name_longer_than_32_characters";
BA_ "SystemMessageLongSymbol" BO_ 1 "A_message_with_a_name_longer_than_32_characters";
BA_ "SystemSignalLongSymbol" SG_ 1 Sel_1 "A_selector_with_a_name_longer_than_32_characters";
`);
    const node = 'A_node_with_a_name_longer_than_32_characters';
    expect(database.nodes[0]?.name).toBe(node);
    expect(database.messages[0]).toMatchObject({ name: 'A_message_with_a_name_longer_than_32_characters', senders: [node] });
    expect(database.messages[0]?.signals[1]).toMatchObject({ receivers: [node], multiplexing: { selector: 'A_selector_with_a_name_longer_than_32_characters', ranges: [[1, 1]] } });
  });

  it('reads multiplexing by ranges and nested multiplexors', () => {
    const { database, diagnostics } = parseDbc(`
BO_ 1 M: 8 X
 SG_ Service M : 0|8@1+ (1,0) [0|0] "" X
 SG_ Response m3M : 8|8@1+ (1,0) [0|0] "" X
 SG_ Deep m7 : 16|8@1+ (1,0) [0|0] "" X
 SG_ Wide m1 : 24|8@1+ (1,0) [0|0] "" X
SG_MUL_VAL_ 1 Deep Response 7-7;
SG_MUL_VAL_ 1 Wide Service 1-2,
  5-9;
`);
    expect(diagnostics).toEqual([]);
    expect(database.messages[0]?.signals).toMatchObject([
      { name: 'Service', multiplexor: true, multiplexing: undefined },
      { name: 'Response', multiplexor: true, multiplexing: { selector: 'Service', ranges: [[3, 3]] } },
      { name: 'Deep', multiplexor: false, multiplexing: { selector: 'Response', ranges: [[7, 7]] } },
      { name: 'Wide', multiplexing: { selector: 'Service', ranges: [[1, 2], [5, 9]] } },
    ]);
  });

  it('drops multiplexed signals that nothing can select', () => {
    const { database, diagnostics } = parseDbc(`
BO_ 1 NoSelector: 8 X
 SG_ Lost m1 : 0|8@1+ (1,0) [0|0] "" X
BO_ 2 Circle: 8 X
 SG_ A m1M : 0|8@1+ (1,0) [0|0] "" X
 SG_ B m1M : 8|8@1+ (1,0) [0|0] "" X
SG_MUL_VAL_ 2 A B 1-1;
SG_MUL_VAL_ 2 B A 1-1;
`);
    expect(database.messages.map(({ signals }) => signals.length)).toEqual([0, 0]);
    expect(diagnostics).toMatchObject([{ line: 3, code: 'multiplexing', severity: 'error' }, { line: 5 }, { line: 6 }]);
  });

  it('needs no NS_, BS_ or BU_ section, and does not take the symbols of NS_ for statements', () => {
    expect(codes('BO_ 1 A: 8 X\n SG_ S : 0|8@1+ (1,0) [0|0] "" X\n')).toEqual([]);
    expect(codes('VERSION "1"\nNS_ :\n NS_DESC_\n CM_\n BA_DEF_\n FILTER\n ENVs_\n BU_SG_REL_\nBS_:\nBU_: A B\nBO_ 1 A: 8 A\n')).toEqual([]);
    expect(codes('NS_ : NS_DESC_ CM_ BA_DEF_\nBS_: 500:1,2\nBU_:\nBO_ 1 A: 8 X\n')).toEqual([]);
  });

  it('reads statements over several lines, comments, and exponents in upper case', () => {
    const { database, diagnostics } = parseDbc(`// drive
BO_ 1
  A:   // eight bytes
  8
  X
 SG_ S : 0|8@1+
   (1E-3,+2.5E1) [-1.5E+2|.5] "%"
   X,
   Y
VAL_ 1 S
  0 "a // no comment"
  1 "b";
CM_ BO_ 1 "two
lines and a \\"quote\\"";
`);
    expect(diagnostics).toEqual([]);
    const [message] = database.messages;
    expect(message?.comment).toBe('two\nlines and a "quote"');
    expect(message?.signals[0]).toMatchObject({ scale: 0.001, offset: 25, minimum: -150, maximum: 0.5, receivers: ['X', 'Y'], choices: [{ label: 'a // no comment' }, { label: 'b' }] });
  });

  it('reads UTF-8, with or without a byte order mark, and Windows-1252 otherwise', () => {
    const text = 'BO_ 1 A: 8 X\n SG_ S : 0|8@1+ (1,0) [0|0] "°C" X\n';
    const utf8 = new TextEncoder().encode(text);
    const unitOf = (bytes: Uint8Array): string | undefined => parseDbc(bytes).database.messages[0]?.signals[0]?.unit;
    expect(unitOf(utf8)).toBe('°C');
    expect(unitOf(Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8))).toBe('°C');
    const windows = Uint8Array.from(text, (character) => character.charCodeAt(0));
    expect(unitOf(windows)).toBe('°C');
    expect(parseDbc(windows).diagnostics).toMatchObject([{ severity: 'info', code: 'encoding' }]);
  });

  it('loses one bad statement only, and names its line', () => {
    const { database, diagnostics } = parseDbc(`BO_ 1 A: 8 X
 SG_ Good : 0|8@1+ (1,0) [0|0] "" X
 SG_ Bad : 0|8@2+ (1,0) [0|0] "" X
 SG_ Worse : zero|8@1+ (1,0) [0|0] "" X
 SG_ Fine : 8|8@1+ (1,0) [0|0] "" X
BO_ x B: 8 X
 SG_ Orphan : 0|8@1+ (1,0) [0|0] "" X
what is this
BO_ 3 C: 8 X
CM_ "open
VAL_ 1 Good 0 "zero";
`);
    expect(database.messages.map(({ name, signals }) => [name, signals.map((signal) => signal.name)])).toEqual([['A', ['Good', 'Fine']], ['C', []]]);
    expect(diagnostics.map(({ line, code }) => `${line} ${code}`)).toEqual(['3 syntax', '4 syntax', '6 syntax', '8 unknown-statement', '11 syntax']);
    expect(database.messages[0]?.signals[0]?.choices).toEqual([{ value: 0, label: 'zero' }]);
  });

  it('reports a string without its closing quote and goes on', () => {
    expect(codes('CM_ "never closed\nBO_ 1 A: 8 X\n')).toEqual(['1 error unclosed-string']);
    expect(parseDbc('CM_ "never closed\nBO_ 1 A: 8 X\n').database.messages).toHaveLength(1);
  });

  it('keeps the first of two messages with one id', () => {
    const { database, diagnostics } = parseDbc('BO_ 1 A: 8 X\nBO_ 1 B: 8 X\n');
    expect(database.messages.map(({ name }) => name)).toEqual(['A']);
    expect(diagnostics).toMatchObject([{ line: 2, code: 'duplicate-message', message: expect.stringContaining('line 1') as string }]);
  });

  it('points at overlaps, signals outside their message, and references to nothing', () => {
    expect(codes(`BO_ 1 A: 2 X
 SG_ S : 0|8@1+ (1,0) [0|0] "" X
 SG_ T : 3|8@0+ (1,0) [0|0] "" X
 SG_ U : 8|16@1+ (1,0) [0|0] "" X
CM_ SG_ 1 Nobody "?";
BA_ "Nothing" BO_ 1 5;
SIG_VALTYPE_ 1 S : 1;
`)).toEqual(['3 info overlap', '4 warning outside-message', '4 info overlap', '5 warning unknown-reference', '6 warning unknown-attribute', '7 error float-length']);
  });

  it('does not call branches of one multiplexor an overlap', () => {
    expect(codes('BO_ 1 A: 2 X\n SG_ M M : 0|8@1+ (1,0) [0|0] "" X\n SG_ S m1 : 8|8@1+ (1,0) [0|0] "" X\n SG_ T m2 : 8|8@1+ (1,0) [0|0] "" X\n')).toEqual([]);
  });

  it('refuses sizes beyond its limits without failing', () => {
    const limits = { size: 1000, messages: 1, signals: 2, signalsPerMessage: 1, messageLength: 64, diagnostics: 2 };
    expect(parseDbc('x'.repeat(1001), limits)).toMatchObject({ database: { messages: [] }, diagnostics: [{ code: 'too-large' }] });
    const { database, diagnostics } = parseDbc('BO_ 1 A: 65 X\n SG_ S : 0|8@1+ (1,0) [0|0] "" X\n SG_ T : 8|8@1+ (1,0) [0|0] "" X\nBO_ 2 B: 8 X\n SG_ S : 0|8@1+ (1,0) [0|0] "" X\n', limits);
    expect(database.messages).toMatchObject([{ name: 'A', length: 64, signals: [{ name: 'S' }] }]);
    expect(diagnostics).toMatchObject([{ line: 1, code: 'bad-length' }, { line: 3, code: 'too-large' }, { code: 'more' }]);
  });
});
