/** The other side does not keep to MQTT, or to the bounds it was told. The connection is of no more use. */
export class PacketError extends Error {}
