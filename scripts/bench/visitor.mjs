// Requests as browsers make them, timed, with the bytes that were on the wire.
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

/** Browsers keep connections; two hundred of them never share one. */
const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** Ends the connections that are kept. */
export const hangUp = () => agent.destroy();

/**
 * Asks for an address of the dashboard.
 *
 * @returns `status`, `headers`, `text`; `firstMs` to the first byte, `ms` to the last; `bytes` of the body as it was
 *   sent, `allBytes` with its headers.
 */
export function visit(url, { cookie, headers = {} }, began = performance.now()) {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, headers: { cookie, 'accept-encoding': 'gzip', ...headers } }, (answer) => {
      const parts = [];
      let firstMs = 0;
      answer.on('data', (part) => {
        firstMs ||= performance.now() - began;
        parts.push(part);
      });
      answer.on('error', reject);
      answer.on('end', () => {
        const body = Buffer.concat(parts);
        const ms = performance.now() - began;
        resolve({
          status: answer.statusCode,
          headers: answer.headers,
          text: (answer.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString(),
          firstMs: firstMs || ms,
          ms,
          bytes: body.length,
          allBytes: body.length + answer.rawHeaders.reduce((sum, part) => sum + part.length + 2, 0),
        });
      });
    });
    const onError = (error) => {
      // The server closed an idle connection in the moment it was used again; browsers ask once more.
      const again = asked.reusedSocket && error.code === 'ECONNRESET';
      resolve(again ? visit(url, { cookie, headers }, began) : Promise.reject(error));
    };
    asked.on('error', onError).end();
  });
}

/** Visits spread evenly over a time, whether or not those before have been answered; one that failed has status 0. */
export async function visitsOver(ms, count, one) {
  const began = performance.now();
  const open = [];
  for (let index = 0; index < count; index += 1) {
    await pause(Math.max(0, began + (index * ms) / count - performance.now()));
    open.push(one(index).catch(({ message }) => ({ status: 0, ms: Number.NaN, bytes: 0, text: message, headers: {} })));
  }
  return Promise.all(open);
}

/** Times of visits at the shares people ask about. */
export function timesOf(visits) {
  const sorted = visits.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** Visits that were not answered as they should. */
export const errorsIn = (visits, good = [200]) => visits.filter(({ status }) => !good.includes(status));
