import { Button } from '@/components/ui/button';
import { SelectField, TextField } from '@/components/ui/field';
import { OUTCOME_WORDS } from '@/lib/domain/record-outcomes';
import type { RecordQuery } from '@/lib/queries/list-rollbacks';

type Props = { readonly query: RecordQuery; readonly targets: readonly string[] };

/** What of the record is shown; the address holds it, so it can be shared. */
export function Filters({ query, targets }: Props) {
  return (
    <form action="/record" className="grid grid-cols-2 items-end gap-3 sm:grid-cols-3 lg:grid-cols-7">
      <TextField id="service" name="service" label="Service" defaultValue={query.service} {...PLAIN} />
      <TextField id="who" name="who" label="Who" defaultValue={query.who} {...PLAIN} />
      <SelectField id="target" name="target" label="Target" defaultValue={query.target ?? ''}>
        <option value="">All</option>
        {targets.map((target) => (
          <option key={target} value={target}>
            {target}
          </option>
        ))}
      </SelectField>
      <SelectField id="outcome" name="outcome" label="Outcome" defaultValue={query.outcome ?? ''}>
        <option value="">All</option>
        {OUTCOME_WORDS.map(({ value, word }) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </SelectField>
      <TextField id="from" name="from" type="date" label="From day" defaultValue={query.from} />
      <TextField id="to" name="to" type="date" label="To day" defaultValue={query.to} />
      <Button className="max-lg:col-span-full">Show</Button>
    </form>
  );
}

const PLAIN = { autoCapitalize: 'off', autoCorrect: 'off', autoComplete: 'off', spellCheck: false } as const;
