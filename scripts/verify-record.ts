// `npm run verify-record [-- --anchor seq:hash]`: checks that nobody has changed the record, and names the first entry
// that is not what it was.
import { parseArgs } from 'node:util';
import { type Anchor, verifyRecord } from '@/lib/db/verify';
import { Halt, main } from './root.mjs';
import { withDatabase } from './their-database';

await main(async () => {
  const anchor = wish();
  const verified = await withDatabase((database) => verifyRecord(database, anchor));
  if (!verified.ok)
    throw new Halt(`The record is not what it was. First bad seq: ${verified.seq} (${verified.words}).`);
  console.log(
    `The record is whole: ${verified.seq} entries. Keep this anchor elsewhere: ${verified.seq}:${verified.hash}`,
  );
});

function wish(): Anchor | null {
  try {
    const { values } = parseArgs({ options: { anchor: { type: 'string' } } });
    if (values.anchor === undefined) return null;
    const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(values.anchor) ?? [];
    if (seq === undefined || hash === undefined) throw new Error(`--anchor ${values.anchor} is not seq:hash.`);
    return { seq: Number(seq), hash };
  } catch (error) {
    throw new Halt(
      `${error instanceof Error ? error.message : error} Usage: npm run verify-record [-- --anchor seq:hash]`,
    );
  }
}
