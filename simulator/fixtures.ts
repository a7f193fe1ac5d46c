import { ECSClient } from '@aws-sdk/client-ecs';
import type { LoggedCall } from '@/simulator/wire/call-log';

/** An account of the tests. */
export const ACCOUNT = '111111111111';

/** A region of the tests. */
export const REGION = 'eu-west-1';

/** What every SDK client of a test is made with: the owner of an account, and one try. */
export const settingsFor = (url: string, account = ACCOUNT) => ({
  endpoint: url,
  region: REGION,
  credentials: { accessKeyId: `AKIA${account}DEMO`, secretAccessKey: 'any' },
  maxAttempts: 1,
});

/** An ECS client that tries once. */
export const ecsAt = (url: string): ECSClient => new ECSClient(settingsFor(url));

/** A container that registers. */
export const CONTAINER = { name: 'app', image: 'nginx:1', memory: 128, essential: true };

/** The simulator's control routes, as anybody outside uses them. */
export type Control = {
  readonly get: (route: string) => Promise<unknown>;
  readonly remove: (route: string) => Promise<unknown>;
  /** Posts and expects success. */
  readonly post: (route: string, body: object) => Promise<unknown>;
  /** Posts and answers status and words of a refusal. */
  readonly refused: (
    route: string,
    body: object | string,
  ) => Promise<{ readonly status: number; readonly error: string }>;
  readonly calls: (since?: number) => Promise<readonly LoggedCall[]>;
};

/** The control routes of a simulator. */
export function controlOf(url: string): Control {
  const ask = (route: string, init: RequestInit = {}): Promise<Response> => fetch(`${url}/_simulator/${route}`, init);
  const value = async (answer: Promise<Response>): Promise<unknown> => {
    const response = await answer;
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return response.json();
  };
  const body = (given: object | string): string => (typeof given === 'string' ? given : JSON.stringify(given));
  return {
    get: (route) => value(ask(route)),
    remove: (route) => value(ask(route, { method: 'DELETE' })),
    post: (route, given) => value(ask(route, { method: 'POST', body: body(given) })),
    refused: async (route, given) => {
      const response = await ask(route, { method: 'POST', body: body(given) });
      const { error } = (await response.json()) as { readonly error: string };
      return { status: response.status, error };
    },
    calls: async (since = 0) => (await value(ask(`calls?since=${since}`))) as readonly LoggedCall[],
  };
}

/** What a rejected promise was rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome instanceof Error) return outcome as Error & Record<string, unknown>;
  throw new Error('it did not fail');
}
