export { BINARY_HEADER_LENGTH, BINARY_MAGIC, BINARY_VERSION, DLC_LENGTHS, encodeCanBinary, type BinaryOptions } from './encode-binary.ts';
export { encodeCanJson, encodeCommandAck, encodeEvent, encodeMeta, encodeSignals, encodeState, encodeStatistics, encodeTroubleCodes } from './encode-json.ts';
export { encodeCommand, signedBytes, splitSignature, type Command } from './command.ts';
export * from './types.ts';
