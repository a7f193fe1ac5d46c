import type { Change, Subject } from '@/lib/domain/change';
import { SUBJECTS } from '@/lib/domain/change';
import { Name } from './ui/name';

type Props = {
  /** Now → will be, in the order of risk. */
  readonly changes: readonly Change[];
  /** Containers whose image stays the same; named, so that nobody wonders. */
  readonly sameImages?: readonly string[];
  /** Level of the headings: below the page's own, or below a part's. */
  readonly heading?: 'h2' | 'h3';
};

/** What differs between two revisions: a heading for each subject, riskiest first; names, and values where they may be shown. */
export function Changes({ changes, sameImages = [], heading: Heading = 'h2' }: Props) {
  return (
    <div className="space-y-6">
      {groupsOf(changes).map(({ title, subject, members }) => (
        <section key={title} className="space-y-1">
          <Heading className="text-lg">
            <Name>{title}</Name>
          </Heading>
          <dl className="divide-y divide-line border-y border-line">
            {members.map((change) => (
              <Difference key={`${change.container} ${change.name}`} change={change} />
            ))}
            {subject === 'image' && sameImages.map((container) => <NoChange key={container} name={container} />)}
          </dl>
        </section>
      ))}
    </div>
  );
}

type Group = { readonly title: string; readonly subject: Subject; readonly members: readonly Change[] };

const TITLES: Readonly<Record<Subject, string>> = {
  container: 'Containers',
  image: 'Images',
  environment: 'Environment variables',
  secret: 'Secrets',
  role: 'Roles',
  size: 'CPU and memory',
  port: 'Ports',
  'health-check': 'Health check',
  command: 'Command',
  logging: 'Logging',
  volume: 'Volumes',
  network: 'Network',
  other: 'Other',
};

/** Subjects whose members name their container themselves, or have none. */
const WHOLE: ReadonlySet<Subject> = new Set(['container', 'image', 'role']);

function groupsOf(changes: readonly Change[]): readonly Group[] {
  return SUBJECTS.flatMap((subject) => {
    const about = changes.filter((change) => change.subject === subject);
    const containers = WHOLE.has(subject) ? [null] : [...new Set(about.map(({ container }) => container))];
    return containers.flatMap((container) => {
      const members = WHOLE.has(subject) ? about : about.filter((change) => change.container === container);
      return members.length === 0 ? [] : [{ title: titleOf(subject, container), subject, members }];
    });
  });
}

function titleOf(subject: Subject, container: string | null): string {
  const of = container === null ? '' : ` (${container})`;
  return `${TITLES[subject]}${of}${subject === 'secret' ? ': where they point, never values' : ''}`;
}

const ROW = 'grid gap-x-4 gap-y-0.5 py-2 sm:grid-cols-[minmax(9rem,1fr)_3fr]';
const TERM = 'font-medium [overflow-wrap:anywhere]';

function Difference({ change }: { readonly change: Change }) {
  return (
    <div className={ROW}>
      <dt className={TERM}>
        <Name>{change.name}</Name>
      </dt>
      <dd className="min-w-0">
        <BothSides change={change} />
      </dd>
    </div>
  );
}

function NoChange({ name }: { readonly name: string }) {
  return (
    <div className={ROW}>
      <dt className={TERM}>
        <Name>{name}</Name>
      </dt>
      <dd className="text-muted">no change</dd>
    </div>
  );
}

/** Both values with "will be" between them; where they are hidden, or one is missing, only what happens. */
function BothSides({ change: { kind, before, after, note } }: { readonly change: Change }) {
  if (kind === 'added') return <One happens="will be added" value={after} />;
  if (kind === 'removed') return <One happens="will be removed" value={before} />;
  if (before === null || after === null) return <span className="text-muted">value changes</span>;
  return (
    <div className="grid gap-x-4 sm:grid-cols-[1fr_auto_1fr]">
      <span className="min-w-0">
        <span className="text-muted sm:sr-only">now </span>
        <Name>{before}</Name>
      </span>
      <span className="text-muted max-sm:hidden">will be</span>
      <span className="min-w-0">
        <span className="text-muted sm:hidden">will be </span>
        <Name className="font-medium">{after}</Name>
        {note && <span className="text-muted">, {note}</span>}
      </span>
    </div>
  );
}

function One({ happens, value }: { readonly happens: string; readonly value: string | null }) {
  return (
    <span>
      <span className="text-muted">{happens}</span>
      {value !== null && (
        <>
          : <Name>{value}</Name>
        </>
      )}
    </span>
  );
}
