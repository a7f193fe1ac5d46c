import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/**
 * JSON with keys in order and nothing undefined, so that equal values give equal text.
 *
 * Maps become objects and sets become sorted lists; dates and functions do not belong here.
 */
export function canonical(value: unknown): string {
  return JSON.stringify(ordered(value));
}

function ordered(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Map) return ordered(Object.fromEntries(value));
  if (value instanceof Set) return [...value].sort();
  if (Array.isArray(value)) return value.map(ordered);
  if ('toJSON' in value && typeof value.toJSON === 'function') return value.toJSON();
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, ordered(member)]),
  );
}

/** SHA-256 of a text, as 64 hex digits. */
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** The keys one secret gives, each for one use (HKDF, RFC 5869). */
export type Keys = {
  /** Keyed hash of a value that must not be guessed from it, as 64 hex digits. */
  fingerprint(text: string): string;
  /** Secret of the session cookie. */
  readonly cookieSecret: string;
  /** Encrypts a text so that it opens only beside the same `context`. AES-256-GCM; nonce, tag and text in one buffer. */
  encrypt(text: string, context: string): Buffer;
  /** Opens what {@link encrypt} made; `null` where it was altered, or belongs to another context or key. */
  decrypt(sealed: Buffer, context: string): string | null;
};

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Derives every key from the one configured secret. */
export function keysFrom(secret: string): Keys {
  const derive = (use: string): Buffer => Buffer.from(hkdfSync('sha256', secret, 'ecs-rollback', use, 32));
  const maskKey = derive('mask');
  const tokenKey = derive('tokens');
  return {
    fingerprint: (text) => createHmac('sha256', maskKey).update(text, 'utf8').digest('hex'),
    cookieSecret: derive('cookie').toString('base64url'),
    encrypt(text, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', tokenKey, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    decrypt(sealed, context) {
      try {
        const decipher = createDecipheriv('aes-256-gcm', tokenKey, sealed.subarray(0, NONCE_BYTES))
          .setAAD(Buffer.from(context))
          .setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString(
          'utf8',
        );
      } catch {
        return null;
      }
    },
  };
}
