import { createServer } from 'node:http';

/** The least that can be started and shown: one page from one server, both without libraries. */
const PAGE = '<!doctype html><title>Nothing</title><form><input></form>';
const server = createServer((_request, response) => response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(PAGE));
server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log(`http://127.0.0.1:${process.argv[2]}/#token=none`));
process.on('SIGTERM', () => process.exit(0));
