import { createServer } from 'node:net';

/** Whether a port can be listened on, on this machine's loopback addresses. */
export async function isFree(port) {
  return (await listens(port, '127.0.0.1')) && (await listens(port, '::'));
}

function listens(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }) => resolve(code !== 'EADDRINUSE' && code !== 'EACCES'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Ports below those that connections are given, by Linux and macOS: what is free now stays free for who starts later. */
const [LOWEST, HIGHEST] = [15_000, 32_000];

/** A port nobody listens on at the moment. */
export async function freePort() {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isFree(port)) return port;
  }
}

/** The first of some ports one after the other that nobody listens on at the moment. */
export async function freePortsInARow(count) {
  for (;;) {
    const first = await freePort();
    const others = Array.from({ length: count - 1 }, (_, index) => first + 1 + index);
    if ((await Promise.all(others.map(isFree))).every(Boolean)) return first;
  }
}
