import { cookies } from 'next/headers';
import { cache, type ReactNode } from 'react';
import { Frame } from '@/components/frame';
import { application } from '@/lib/application';
import type { Principal } from '@/lib/domain/permissions';
import { KEYS_COOKIE, preferencesIn, THEME_COOKIE } from '@/lib/domain/preference';
import type { Target } from '@/lib/domain/target';
import { getFrame } from '@/lib/queries/get-frame';
import { choose } from './preferences/actions';
import { stay } from './sign-in/actions';

type Props = {
  readonly principal: Principal;
  /** Says in the tab what the page is; no two pages share one. `null` where a part of the page says it. */
  readonly title: string | null;
  /** The one target the page is about; its band stands above everything. */
  readonly target?: Target | null;
  readonly children: ReactNode;
};

/** Read once a request: the framework draws its page for what is not there beside every page, frame and all. */
const frameOf = cache((principal: Principal) => getFrame(principal, application()));

/** A page of somebody who is signed in: its frame, and whatever the page is about. */
export async function SignedInPage({ principal, title, target = null, children }: Props) {
  const [frame, jar] = await Promise.all([frameOf(principal), cookies()]);
  return (
    <Frame
      frame={frame}
      preferences={preferencesIn(jar.get(THEME_COOKIE)?.value, jar.get(KEYS_COOKIE)?.value)}
      actions={{ choose, stay }}
      title={title}
      target={target}
    >
      {children}
    </Frame>
  );
}
