import 'server-only';
import { randomBytes } from 'node:crypto';

/** An id nobody has yet: `rb-` for a rollback, `gr-` for a group of them, `hold-` for a hold. */
export const newId = (kind: 'rb' | 'gr' | 'hold'): string => {
  const letters = '0123456789abcdefghijklmnopqrstuvwxyz';
  return `${kind}-${[...randomBytes(8)].map((byte) => letters[byte % 36] ?? '0').join('')}`;
};
