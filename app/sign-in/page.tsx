import type { Metadata } from 'next';
import { cookies } from 'next/headers';
import { application } from '@/lib/application';
import { SIGNED_OUT_COOKIE } from '@/lib/auth/names';
import { returnAddress } from '@/lib/auth/return-address';
import { BY_HAND_WITHOUT_THIS_TOOL } from '@/lib/domain/by-hand';
import { lengthInWords, noticeFor } from './notice';

export const metadata: Metadata = { title: 'Sign in · ECS rollback' };

type Query = Readonly<Record<string, string | string[] | undefined>>;

/** Where everybody comes in. Readable without the database and without the provider. */
export default async function SignInPage({ searchParams }: { readonly searchParams: Promise<Query> }) {
  const query = await searchParams;
  const { configuration, environment } = application();
  const { company, runbookUrl } = configuration;
  const limits = { maxSeconds: environment.sessionMaxSeconds, idleSeconds: environment.sessionIdleSeconds };
  const signedOut = (await cookies()).has(SIGNED_OUT_COOKIE);
  const notice = noticeFor({ over: query.over, error: query.error, signedOut }, limits);
  return (
    <main id="main" className="sign-in">
      <h1>{notice?.title ?? 'Sign in'}</h1>
      {notice && <p role={notice.problem ? 'alert' : 'status'}>{notice.words}</p>}
      <p>
        Use your {company ?? 'company'} account. You stay signed in for up to {lengthInWords(limits.maxSeconds)}.
      </p>
      <form method="post" action="/api/auth/signin/oidc">
        <input type="hidden" name="callbackUrl" value={returnAddress(query.callbackUrl, environment.baseUrl)} />
        <button type="submit" className="button button-primary">
          Sign in with {company ?? new URL(environment.oidc.issuer).host}
        </button>
      </form>
      {runbookUrl && (
        <p>
          <a href={runbookUrl}>Runbook</a>
        </p>
      )}
      <details>
        <summary>By hand, without this tool</summary>
        <p>Put your own words in place of the capital ones. Needs the AWS CLI 2.13 or newer and jq.</p>
        <pre>
          <code>{BY_HAND_WITHOUT_THIS_TOOL.join('\n')}</code>
        </pre>
      </details>
    </main>
  );
}
