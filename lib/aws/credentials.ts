import 'server-only';
import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { AwsCredentialIdentity } from '@smithy/types';
import { required } from './failure';
import { handlerTimeouts, READING, type Timeouts } from './limits';

/** What requests are signed with. `provide` renews by itself; its errors are those of the call that failed. */
export type Credentials = {
  readonly provide: () => Promise<AwsCredentialIdentity>;
  /** The permission that getting them takes. */
  readonly action: string;
};

/** Renewed this long before they end, in milliseconds. */
const RENEW_BEFORE_MS = 5 * 60_000;

/** What the process was given: environment, container or instance role, profile. */
export function ambientCredentials(timeouts: Timeouts): Credentials {
  return {
    action: 'sts:GetCallerIdentity',
    provide: fromNodeProviderChain({ clientConfig: { requestHandler: handlerTimeouts(timeouts), ...READING } }),
  };
}

/** Takes a role once. */
export type Assume = (input: AssumeRoleCommandInput) => Promise<AwsCredentialIdentity>;

/** Takes roles with the ambient credentials, at the STS of a Region. */
export function assumeAt(region: string, ambient: Credentials, timeouts: Timeouts): Assume {
  const client = new STSClient({
    region,
    credentials: ambient.provide,
    requestHandler: handlerTimeouts(timeouts),
    ...READING,
  });
  return async (input) => {
    const answer = await client.send(new AssumeRoleCommand(input), {
      abortSignal: AbortSignal.timeout(timeouts.readCallMs),
    });
    const given = required(answer.Credentials, 'credentials');
    return {
      accessKeyId: required(given.AccessKeyId, 'an access key'),
      secretAccessKey: required(given.SecretAccessKey, 'a secret key'),
      sessionToken: required(given.SessionToken, 'a session token'),
      expiration: required(given.Expiration, 'an expiry'),
    };
  };
}

/**
 * The credentials of a role, taken when first needed and again before they end. Callers that arrive while it is being
 * taken share the answer; a failure is not kept.
 */
export function renewedRole(assume: Assume, input: AssumeRoleCommandInput, now: () => number): Credentials {
  let known: AwsCredentialIdentity | null = null;
  let taking: Promise<AwsCredentialIdentity> | null = null;

  const take = (): Promise<AwsCredentialIdentity> => {
    taking ??= assume(input)
      .then((given) => {
        known = given;
        return given;
      })
      .finally(() => {
        taking = null;
      });
    return taking;
  };
  return {
    action: 'sts:AssumeRole',
    provide: async () => {
      const leftMs = (known?.expiration?.getTime() ?? 0) - now();
      if (known !== null && leftMs > RENEW_BEFORE_MS) return known;
      return take();
    },
  };
}
