import { BY_HAND_WITHOUT_THIS_TOOL } from '@/lib/domain/by-hand';
import { errorNumber, TOOL_PROBLEM } from '@/lib/domain/tool-problem';
import { routes } from '@/lib/routes';
import { BY_HAND_NOTE, ByHand } from './by-hand';
import { PlainPage } from './plain-page';
import { PageHeading } from './ui/heading';

/** What a mistake of ours looks like: calm, with a number for the log and the way by hand. */
export function ToolProblem({ digest }: { readonly digest?: string }) {
  return (
    <PlainPage title={TOOL_PROBLEM.title}>
      <PageHeading>{TOOL_PROBLEM.heading}</PageHeading>
      <p>
        {TOOL_PROBLEM.words}
        {digest && ` ${errorNumber(digest)}`}
      </p>
      {/* Whole loads: what failed may be what is in the browser. */}
      <ul className="flex flex-wrap gap-x-6 gap-y-2">
        {[
          { words: 'Rollback record', href: routes.record() },
          { words: 'Services', href: routes.services() },
          { words: 'Tool status', href: routes.status() },
        ].map(({ words, href }) => (
          <li key={href}>
            <a href={href} className="text-link underline underline-offset-3">
              {words}
            </a>
          </li>
        ))}
      </ul>
      <ByHand summary={TOOL_PROBLEM.byHand} commands={BY_HAND_WITHOUT_THIS_TOOL} note={BY_HAND_NOTE} open />
    </PlainPage>
  );
}
