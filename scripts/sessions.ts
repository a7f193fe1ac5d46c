// `npm run sessions -- revoke --subject S | --all`: ends sessions at once, in every process.
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { SESSION_LIMITS } from '@/lib/config/environment';
import { sessionsIn } from '@/lib/db/sessions';
import { keysFrom } from '@/lib/digest';
import { createLog } from '@/lib/log';
import { Halt, main } from './root.mjs';
import { withDatabase } from './their-database';

const USAGE = 'npm run sessions -- revoke --subject S | --all';

await main(async () => {
  const whose = wish();
  const ended = await withDatabase((database) => {
    // Ending a session opens no token, so any key will do. What goes into the record is told on standard error.
    const keys = keysFrom(randomBytes(32).toString('hex'));
    const log = createLog('info', process.stderr);
    return sessionsIn(database, { keys, log, limits: SESSION_LIMITS }).revoke(whose);
  });
  console.log(`${ended} ${ended === 1 ? 'session' : 'sessions'} ended.`);
});

function wish(): { readonly subject: string } | 'everybody' {
  const { positionals, values } = given();
  const [verb, ...more] = positionals;
  const one = (values.subject !== undefined) !== (values.all === true);
  if (verb !== 'revoke' || more.length > 0 || !one || values.subject === '') throw new Halt(`Usage: ${USAGE}`);
  return values.subject === undefined ? 'everybody' : { subject: values.subject };
}

function given() {
  try {
    return parseArgs({ allowPositionals: true, options: { subject: { type: 'string' }, all: { type: 'boolean' } } });
  } catch (error) {
    throw new Halt(`${error instanceof Error ? error.message : error} Usage: ${USAGE}`);
  }
}
