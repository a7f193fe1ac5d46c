import { cookies } from 'next/headers';
import { type Query, readQuery } from '@/app/address';
import { BY_HAND_NOTE, ByHand } from '@/components/by-hand';
import { PlainPage } from '@/components/plain-page';
import { Button } from '@/components/ui/button';
import { PageHeading } from '@/components/ui/heading';
import { OutsideLink } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { application } from '@/lib/application';
import { SIGNED_OUT_COOKIE } from '@/lib/auth/names';
import { returnAddress } from '@/lib/auth/return-address';
import { BY_HAND_WITHOUT_THIS_TOOL } from '@/lib/domain/by-hand';
import { lengthInWords, noticeFor } from './notice';

/** Where everybody comes in. Readable without the database and without the provider. */
export default async function SignInPage({ searchParams }: { readonly searchParams: Query }) {
  const query = await readQuery(searchParams, ['over', 'error', 'callbackUrl']);
  const { configuration, environment } = application();
  const { company, runbookUrl } = configuration;
  const limits = { maxSeconds: environment.sessionMaxSeconds, idleSeconds: environment.sessionIdleSeconds };
  const signedOut = (await cookies()).has(SIGNED_OUT_COOKIE);
  const notice = noticeFor({ over: query.over, error: query.error, signedOut }, limits);
  return (
    <PlainPage title="Sign in · ECS rollback">
      <PageHeading>{notice?.title ?? 'Sign in'}</PageHeading>
      {notice && (
        <Notice tone={notice.problem ? 'bad' : 'muted'} role={notice.problem ? 'alert' : undefined}>
          <p>{notice.words}</p>
        </Notice>
      )}
      <p>
        Use your {company ?? 'company'} account. You stay signed in for up to {lengthInWords(limits.maxSeconds)}.
      </p>
      <form method="post" action="/api/auth/signin/oidc">
        <input type="hidden" name="callbackUrl" value={returnAddress(query.callbackUrl, environment.baseUrl)} />
        <Button kind="primary" className="min-h-12 max-sm:w-full">
          Sign in with {company ?? new URL(environment.oidc.issuer).host}
        </Button>
      </form>
      {runbookUrl && (
        <p>
          <OutsideLink href={runbookUrl}>Runbook</OutsideLink>
        </p>
      )}
      <ByHand summary="By hand, without this tool" commands={BY_HAND_WITHOUT_THIS_TOOL} note={BY_HAND_NOTE} />
    </PlainPage>
  );
}
