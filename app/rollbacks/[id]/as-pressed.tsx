import type { ReactNode } from 'react';
import { Findings } from '@/components/findings';
import { Disclosure } from '@/components/ui/disclosure';
import { Section } from '@/components/ui/heading';
import { Name } from '@/components/ui/name';
import { Time } from '@/components/ui/time';
import type { RollbackPage } from '@/lib/queries/get-rollback';

/** Who pressed what: the plan as it was read, with what was said and ticked. It never changes. */
export function AsPressed({ page }: { readonly page: RollbackPage }) {
  const { by, from, to, reason, details, confirmedAt, now, steps, notes, checks } = page;
  return (
    <Section title="As it was confirmed" id="confirmed">
      <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[10rem_minmax(0,1fr)]">
        <Fact name="Who">
          <Name>{by.name}</Name>
          {by.email !== null && by.email !== by.name && (
            <>
              {' · '}
              <Name>{by.email}</Name>
            </>
          )}
        </Fact>
        <Fact name="When">
          <Time at={confirmedAt} now={now} seconds relative={false} />
        </Fact>
        <Fact name="From">
          <Name>{from}</Name>
        </Fact>
        <Fact name="To">
          <Name>{to}</Name>
        </Fact>
        <Fact name="Why">
          <Name>{reason ?? 'no reason was asked for'}</Name>
        </Fact>
        {details !== null && (
          <Fact name="Details">
            <Name>{details}</Name>
          </Fact>
        )}
        {by.session !== null && (
          <Fact name="AWS session">
            <code className="[overflow-wrap:anywhere]">{by.session}</code>
          </Fact>
        )}
      </dl>
      <Disclosure summary="The plan as it was read">
        <ol className="list-decimal space-y-1 pl-6">
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <ul className="space-y-1 text-muted">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
        <Findings
          blocks={[]}
          warnings={checks.warnings.map(({ words, ticked }) => ({
            words: ticked === null ? words : `${words} Read: ${ticked}.`,
          }))}
          notChecked={checks.notChecked}
          passed={checks.passed}
        />
      </Disclosure>
    </Section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="contents max-sm:block">
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}
