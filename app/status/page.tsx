import { isOutsider, NoAccess } from '@/app/no-access';
import { SignedInPage } from '@/app/signed-in-page';
import { PageHeading, Section } from '@/components/ui/heading';
import { Notice } from '@/components/ui/notice';
import { Tag } from '@/components/ui/tag';
import { application } from '@/lib/application';
import { requirePrincipal } from '@/lib/auth/principal';
import { getStatus, type Light } from '@/lib/queries/get-status';
import { TargetStatus } from './target-status';

/** Can the tool work? */
export default async function StatusPage() {
  const principal = await requirePrincipal();
  if (isOutsider(principal)) return <NoAccess principal={principal} />;
  const status = await getStatus(principal, application());
  const { targets, database, record, signIn, notes, ownersContact, now } = status;
  const lights = [database, record, signIn, ...targets.flatMap(({ read, write }) => [read, write])];
  const broken = lights.some(({ ok }) => !ok);
  return (
    <SignedInPage principal={principal} title="Tool status · ECS rollback">
      <PageHeading>Tool status</PageHeading>
      {broken ? (
        <Notice tone="bad" title="Something does not work.">
          {ownersContact !== null && <p>Tell {ownersContact}. What is missing stands below.</p>}
        </Notice>
      ) : (
        <Notice tone="good" title="Everything works." />
      )}
      {notes.map((words) => (
        <Notice key={words} tone="warning">
          <p>{words}</p>
        </Notice>
      ))}
      <Section title="Targets" id="targets">
        <TargetStatus targets={targets} now={now} />
      </Section>
      <Section title="This tool" id="tool">
        <dl className="divide-y divide-line border-y border-line">
          <Part name="Database" light={database} />
          <Part name="Record" light={record} />
          <Part name="Sign-in" light={signIn} />
        </dl>
      </Section>
    </SignedInPage>
  );
}

function Part({ name, light }: { readonly name: string; readonly light: Light }) {
  return (
    <div className="grid gap-x-4 py-2.5 sm:grid-cols-[10rem_1fr]">
      <dt className="font-medium">{name}</dt>
      <dd>
        <Tag icon={light.ok ? '✓' : '✕'} word={light.words} tone={light.ok ? 'good' : 'bad'} />
      </dd>
    </div>
  );
}
