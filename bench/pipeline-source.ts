import { connect, createServer, type Socket } from 'node:net';
import { generate, parser as createParser } from 'mqtt-packet';
import { countAcknowledgements, createCanned, type CannedStream } from './pipeline-canned.ts';

/**
 * Where the messages come from, in a process of its own: `serve QOS TOTAL` is a canned broker that answers the handshake and streams,
 * `publish QOS TOTAL PORT USER PASSWORD` is a client that streams to a broker. Prints its port, then when everything is acknowledged.
 */
const [mode = 'serve', qosText = '0', totalText = '0', portText = '0', user = '', password = ''] = process.argv.slice(2);
const qos = Number(qosText) as 0 | 1;
const total = Number(totalText);
const canned = createCanned(qos);

function run(socket: Socket, begins: (cmd: string) => boolean, answer: (packet: { cmd: string; messageId?: number | undefined; subscriptions?: readonly unknown[] }) => void): void {
  let stream: CannedStream | undefined;
  let acknowledged = 0;
  const parser = createParser();
  parser.on('packet', (packet) => {
    answer(packet as { cmd: string });
    if (begins(packet.cmd) && !stream) setTimeout(() => (stream = canned.stream(socket, total)), 100);
  });
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.on('close', () => process.exit(0));
  socket.on('data', (chunk) => {
    if (!stream) {
      parser.parse(chunk);
      return;
    }
    const count = countAcknowledgements(chunk, () => mode === 'serve' && socket.write(generate({ cmd: 'pingresp' })));
    acknowledged += count;
    stream.acknowledged(count);
    if (count > 0 && acknowledged >= total) console.log(JSON.stringify({ acknowledged }));
  });
}

if (mode === 'serve') {
  const server = createServer((socket) =>
    run(
      socket,
      (cmd) => cmd === 'subscribe',
      (packet) => {
        if (packet.cmd === 'connect') socket.write(generate({ cmd: 'connack', returnCode: 0, sessionPresent: false }));
        else if (packet.cmd === 'subscribe') socket.write(generate({ cmd: 'suback', messageId: packet.messageId ?? 0, granted: (packet.subscriptions ?? []).map(() => 1) }));
        else if (packet.cmd === 'pingreq') socket.write(generate({ cmd: 'pingresp' }));
      },
    ),
  );
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    console.log(JSON.stringify({ ready: typeof address === 'object' && address ? address.port : 0 }));
  });
} else {
  const socket = connect(Number(portText), '127.0.0.1', () =>
    socket.write(generate({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clientId: 'publisher', clean: true, keepalive: 0, ...(user === '' ? {} : { username: user, password: Buffer.from(password) }) })),
  );
  run(socket, (cmd) => cmd === 'connack', () => undefined);
}
