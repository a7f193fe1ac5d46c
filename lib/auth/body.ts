/** Largest body of a request that is read, in bytes. */
export const LARGEST_BODY_BYTES = 64 * 1024;

/** The text of a body; null as soon as it grows beyond {@link LARGEST_BODY_BYTES}. */
export async function textIn(request: Request): Promise<string | null> {
  if (Number(request.headers.get('content-length') ?? 0) > LARGEST_BODY_BYTES) return null;
  if (request.body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body) {
    bytes += chunk.byteLength;
    if (bytes > LARGEST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The fields of a URL-encoded form; none where the body is something else, null where it is too large. */
export async function formIn(request: Request): Promise<URLSearchParams | null> {
  const text = await textIn(request);
  if (text === null) return null;
  const type = request.headers.get('content-type') ?? '';
  return new URLSearchParams(type.startsWith('application/x-www-form-urlencoded') ? text : '');
}
