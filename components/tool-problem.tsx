import { BY_HAND_WITHOUT_THIS_TOOL } from '@/lib/domain/by-hand';
import { routes } from '@/lib/routes';
import { BY_HAND_NOTE, ByHand } from './by-hand';
import { PlainPage } from './plain-page';
import { PageHeading } from './ui/heading';

/** What a mistake of ours looks like: calm, with a number for the log and the way by hand. */
export function ToolProblem({ digest }: { readonly digest?: string }) {
  return (
    <PlainPage title="Problem with this tool · ECS rollback">
      <PageHeading>Sorry, there is a problem with this tool.</PageHeading>
      <p>
        Your services are not affected by this error. If you pressed a button, check the rollback record before trying
        again.{digest && ` Error ${digest}.`}
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
      <ByHand summary="By hand, without this tool" commands={BY_HAND_WITHOUT_THIS_TOOL} note={BY_HAND_NOTE} open />
    </PlainPage>
  );
}
