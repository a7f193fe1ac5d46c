import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'next-auth/jwt';
import { keysFrom } from '@/lib/digest';
import { PEOPLE, type Stage } from './people';

const NAME = 'ecs-rollback';

/** Cookies of sessions that count for nothing, by what is wrong with them. */
export async function strangersOf(stage: Stage): Promise<Readonly<Record<string, string>>> {
  const secret = readFileSync(join(stage.around.folder, 'secret'), 'utf8');
  const { cookieSecret } = keysFrom(secret);
  const sid = (): string => randomBytes(32).toString('base64url');
  const forged = async (token: Record<string, unknown>, key: string): Promise<string> =>
    `${NAME}=${await encode({ token, secret: key })}`;
  const over = async (column: string): Promise<string> => {
    const { cookie } = await stage.signedIn(PEOPLE.operator);
    await stage.query(`UPDATE session SET ${column} WHERE created_at = (SELECT max(created_at) FROM session)`);
    return cookie;
  };
  return {
    empty: `${NAME}=`,
    garbage: `${NAME}=garbage`,
    unsigned: `${NAME}=eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify({ sid: sid() })).toString('base64url')}.`,
    'of another secret': await forged({ sid: sid() }, 'another secret of at least 32 bytes'),
    'of the configured secret itself': await forged({ sid: sid() }, secret),
    'of our secret, with an id nobody has': await forged({ sid: sid() }, cookieSecret),
    'of our secret, without an id': await forged({ name: 'operator', email: PEOPLE.operator }, cookieSecret),
    'of our secret, with an id that is no text': await forged({ sid: { $ne: null } }, cookieSecret),
    twice: `${NAME}=garbage; ${NAME}=${'x'.repeat(200)}`,
    'over by its age': await over("expires_at = clock_timestamp() - interval '1 second'"),
    'over by idleness': await over("last_used_at = clock_timestamp() - interval '31 minutes'"),
    revoked: await over('revoked_at = clock_timestamp()'),
    'signed out': await over('ended_at = clock_timestamp()'),
  };
}
