import { Button } from '@/components/ui/button';
import { SelectField, TextField } from '@/components/ui/field';
import { OUTCOME_WORDS } from '@/lib/domain/record-outcomes';
import type { RecordQuery } from '@/lib/queries/list-rollbacks';

type Props = { readonly query: RecordQuery; readonly targets: readonly string[] };

/** What of the record is shown; the address holds it, so it can be shared. Folded on a phone. */
export function Filters({ query, targets }: Props) {
  return (
    <details className="open-when-wide">
      <summary className="inline-flex min-h-11 items-center font-medium text-link underline underline-offset-3 md:min-h-8">
        Filters: {summaryOf(query)}
      </summary>
      <search>
        <Form query={query} targets={targets} />
      </search>
    </details>
  );
}

function summaryOf({ service, who, target, outcome, from, to }: RecordQuery): string {
  const word = OUTCOME_WORDS.find(({ value }) => value === outcome)?.word;
  const days = from || to ? `${from || '…'} to ${to || '…'}` : '';
  return [service, who, target, word, days].filter(Boolean).join(', ') || 'none';
}

function Form({ query, targets }: Props) {
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
