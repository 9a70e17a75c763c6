import { generate, parser as createParser, type Packet } from 'mqtt-packet';
import { PacketError } from './packet-error.ts';

/** Bytes of a packet and back, for everything but the PUBLISH packets that come in: those are read without it. */
export interface PacketCodec {
  encode(packet: Packet): Buffer;
  /** One whole packet. Throws PacketError. */
  decode(bytes: Uint8Array): Packet;
}

/** A codec for one version of the protocol. */
export function createPacketCodec(version: 4 | 5): PacketCodec {
  const options = { protocolVersion: version };
  const parser = createParser(options);
  let found: Packet | undefined;
  let failure: unknown;
  parser.on('packet', (packet) => (found = packet));
  parser.on('error', (error) => (failure = error));
  return {
    encode: (packet) => generate(packet, options),
    decode(bytes) {
      found = undefined;
      failure = undefined;
      // The parser keeps what it is given until the packet is complete: a copy, since the bytes are the socket's.
      const left = parser.parse(Buffer.from(bytes));
      if (failure !== undefined) throw new PacketError(`malformed packet: ${failure instanceof Error ? failure.message : String(failure)}`);
      if (found === undefined || left > 0) throw new PacketError('malformed packet');
      return found;
    },
  };
}
