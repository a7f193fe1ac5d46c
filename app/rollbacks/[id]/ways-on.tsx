import { Section } from '@/components/ui/heading';
import { Link, OutsideLink } from '@/components/ui/link';
import { LinkButton, OutsideLinkButton } from '@/components/ui/link-button';
import type { Next } from '@/lib/domain/outcome-words';
import type { NextLink, RollbackPage } from '@/lib/queries/get-rollback';

/** What somebody can do after an outcome: first what to see to, then where a button leads. */
export function WaysOn({ page: { next } }: { readonly page: RollbackPage }) {
  const todo = next.filter(({ kind }) => TODO.has(kind));
  const ways = next.filter(({ kind }) => !TODO.has(kind));
  if (next.length === 0) return null;
  return (
    <Section title="What now" id="now">
      {todo.length > 0 && (
        <ol className="list-decimal space-y-1 pl-6">
          {todo.map((one) => (
            <li key={one.kind}>
              <Todo one={one} />
            </li>
          ))}
        </ol>
      )}
      <p className="flex flex-wrap gap-3">
        {ways.map((one) => (
          <Way key={one.kind} one={one} />
        ))}
      </p>
    </Section>
  );
}

const TODO: ReadonlySet<Next['kind']> = new Set(['check', 'pause-pipeline', 'revert-code']);

const isOurs = (href: string): boolean => href.startsWith('/');

function Todo({ one: { words, href } }: { readonly one: NextLink }) {
  if (href === null) return words;
  return isOurs(href) ? <Link href={href}>{words}</Link> : <OutsideLink href={href}>{words}</OutsideLink>;
}

function Way({ one: { words, href, kind } }: { readonly one: NextLink }) {
  if (href === null) return null;
  const look = FIRST.has(kind) ? 'primary' : 'secondary';
  return isOurs(href) ? (
    <LinkButton kind={look} href={href}>
      {words}
    </LinkButton>
  ) : (
    <OutsideLinkButton kind={look} href={href}>
      {words}
    </OutsideLinkButton>
  );
}

/** Ways on that are the likely next step; to undo a success is not. */
const FIRST: ReadonlySet<Next['kind']> = new Set([
  'choose-version',
  'roll-back-to-to',
  'plan-again',
  'watch-newer',
  'see-stop',
]);
