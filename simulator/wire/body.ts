import type { IncomingMessage } from 'node:http';

/** Largest request the simulator reads. AWS's own limits are lower. */
export const MOST_BYTES = 1024 * 1024;

/** The body of a request as text; `too-large` past the limit, `cut` where the caller went away. */
export function bodyOf(request: IncomingMessage): Promise<string | { readonly problem: 'too-large' | 'cut' }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MOST_BYTES) chunks.push(chunk);
      else resolve({ problem: 'too-large' });
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', () => resolve({ problem: 'cut' }));
    request.on('close', () => resolve({ problem: 'cut' }));
  });
}
