import type { ReactNode } from 'react';
import type { Preferences } from '@/lib/domain/preference';
import type { Target } from '@/lib/domain/target';
import { formatClock } from '@/lib/domain/time-words';
import type { Frame as FrameView } from '@/lib/queries/get-frame';
import { routes } from '@/lib/routes';
import { AccountMenu } from './account-menu';
import { Clock } from './clock';
import { DocumentHead } from './document-head';
import { Keyboard } from './keyboard';
import { Offline } from './offline';
import { RunningLine } from './running-line';
import { SignedInUntilLine } from './signed-in-until';
import { SkipLink } from './skip-link';
import { Status } from './status';
import { StaySignedIn } from './stay-signed-in';
import { TargetBand } from './target-band';
import { Button } from './ui/button';
import { Link, OutsideLink } from './ui/link';

/** What the frame's forms do. */
export type FrameActions = {
  readonly choose: (form: FormData) => Promise<void>;
  readonly stay: () => Promise<void>;
};

type Props = {
  readonly frame: FrameView;
  readonly preferences: Preferences;
  readonly actions: FrameActions;
  readonly title: string | null;
  /** The one target a page is about. */
  readonly target?: Target | null;
  readonly children: ReactNode;
};

/** What stands around every page of somebody who is signed in. */
export function Frame({ frame, preferences, actions, title, target = null, children }: Props) {
  return (
    <>
      <DocumentHead title={title} target={target} />
      <SkipLink />
      {target && <TargetBand target={target} />}
      <Header frame={frame} preferences={preferences} actions={actions} />
      <Offline at={formatClock(frame.now)} />
      <StaySignedIn until={frame.until} now={frame.now} stay={actions.stay} />
      <SignedInUntilLine until={frame.until} now={frame.now} stay={actions.stay} />
      <RunningLine running={frame.running} now={frame.now} />
      <main id="main" className="mx-auto w-full max-w-6xl grow space-y-6 px-4 pt-5 pb-16">
        {children}
      </main>
      <Footer frame={frame} />
      {preferences.keys && <Keyboard />}
      <Status />
    </>
  );
}

function Header({ frame, preferences, actions }: Pick<Props, 'frame' | 'preferences' | 'actions'>) {
  return (
    <header className="relative border-b border-line bg-surface">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-5 px-4 py-1.5 md:flex-nowrap">
        <Link href={routes.services()} className="py-1 font-semibold whitespace-nowrap hover:underline">
          ECS rollback
        </Link>
        <details className="open-when-wide group min-w-0 grow" data-menu="main">
          <summary className="flex min-h-9 w-fit items-center text-sm underline underline-offset-3 pointer-coarse:min-h-11">
            Menu
          </summary>
          <div className="flex flex-wrap items-center gap-x-5 gap-y-2 max-md:absolute max-md:inset-x-0 max-md:top-full max-md:z-10 max-md:border-y max-md:border-edge max-md:bg-surface max-md:px-4 max-md:py-3 lg:flex-nowrap">
            <Navigation />
            <JumpBox />
            {frame.runbookUrl && (
              <OutsideLink href={frame.runbookUrl} className="inline-block py-1.5 text-sm underline underline-offset-3">
                Help
              </OutsideLink>
            )}
          </div>
        </details>
        <div className="flex min-w-0 flex-wrap items-center gap-x-4 text-sm md:shrink-0">
          <Clock now={frame.now} />
          <AccountMenu who={frame.who} preferences={preferences} actions={actions} />
        </div>
      </div>
    </header>
  );
}

const PLACES = [
  { words: 'Services', href: routes.services() },
  { words: 'Rollback record', href: routes.record() },
  { words: 'Tool status', href: routes.status() },
] as const;

function Navigation() {
  return (
    <nav aria-label="Main" className="shrink-0 text-sm max-md:w-full">
      <ul className="flex flex-wrap gap-x-5">
        {PLACES.map(({ words, href }) => (
          <li key={href}>
            <Link
              href={href}
              className="inline-block py-1.5 underline-offset-3 hover:underline max-md:underline pointer-coarse:py-2.5"
            >
              {words}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function JumpBox() {
  return (
    <search className="min-w-0 grow">
      <form action="/go" className="flex gap-2">
        <label htmlFor="jump" className="sr-only">
          Jump to a service, ARN or console link
        </label>
        <input
          id="jump"
          name="q"
          type="text"
          placeholder="Jump to a service, ARN or console link"
          autoCapitalize="off"
          autoCorrect="off"
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="go"
          className="min-h-10 w-full min-w-0 rounded-md border border-edge bg-background px-3 text-base placeholder:text-muted pointer-coarse:min-h-11"
        />
        <Button>Go</Button>
      </form>
    </search>
  );
}

function Footer({ frame }: Pick<Props, 'frame'>) {
  return (
    <footer className="border-t border-line text-sm text-muted">
      <div className="mx-auto max-w-6xl px-4 py-4">
        <p>ECS rollback {frame.version}</p>
        {frame.endpointOverride && (
          <p className="[overflow-wrap:anywhere]">AWS endpoint overridden: {frame.endpointOverride}</p>
        )}
      </div>
    </footer>
  );
}
