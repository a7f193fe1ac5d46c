// `npm run restored -- --by NAME [--anchor seq:hash] [--note TEXT]`: verifies a record that was restored from a backup and
// writes into it that it was. To be run before a dashboard is started on it.
import { parseArgs } from 'node:util';
import { type Restore, type Restored, recordRestored } from '@/lib/db/restored';
import { createLog } from '@/lib/log';
import { Halt, main } from './root.mjs';
import { withDatabase } from './their-database';

const USAGE = 'Usage: npm run restored -- --by NAME [--anchor seq:hash] [--note TEXT]';

await main(async () => {
  const wish = given();
  const restored = await withDatabase((database) => recordRestored(database, createLog('info', process.stderr), wish));
  if (!restored.ok)
    throw new Halt(`Not recorded: the record is not what it was (entry ${restored.seq}: ${restored.words}).`);
  console.log(linesOf(restored).join('\n'));
});

function linesOf({ seq, lost, unended }: Extract<Restored, { ok: true }>): readonly string[] {
  return [
    `Recorded as entry ${seq}.`,
    lost === null ? 'Nothing is known to be lost.' : `The backup did not have entries ${lost.from} to ${lost.to}.`,
    ...unended.map(
      ({ id, service, target, state }) => `${id} of ${service} in ${target} was ${state}. Look at the service itself.`,
    ),
  ];
}

function given(): Restore {
  try {
    const { values } = parseArgs({
      options: { by: { type: 'string' }, anchor: { type: 'string' }, note: { type: 'string' } },
    });
    if (!values.by) throw new Error('Who restored? --by is missing.');
    return { by: values.by, note: values.note ?? null, anchor: anchorOf(values.anchor) };
  } catch (error) {
    throw new Halt(`${error instanceof Error ? error.message : error} ${USAGE}`);
  }
}

function anchorOf(text: string | undefined): Restore['anchor'] {
  if (text === undefined) return null;
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined) throw new Error(`--anchor ${text} is not seq:hash.`);
  return { seq: Number(seq), hash };
}
