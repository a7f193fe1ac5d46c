import type { Account, Region, World } from './world';

/** Who signed a request. */
export type Principal = {
  readonly arn: string;
  readonly account: string;
  readonly userId: string;
  /** `null` may do everything in its account. */
  readonly roleActions: readonly string[] | null;
  /** Narrowed further by the session's own policy; `null` without one. */
  readonly sessionActions: readonly string[] | null;
  readonly sourceIdentity: string | null;
};

/** A region at a moment of the world's own time, in milliseconds. */
export type Moment = { readonly world: World; readonly region: Region; readonly now: number };

/** One AWS operation as the engine sees it: no HTTP, no clock of its own. */
export type Call = Moment & {
  readonly account: Account;
  readonly principal: Principal;
  /** Wall clock, for credentials. */
  readonly wallMs: number;
};

/** What came on the wire, unchecked. */
export type Input = Readonly<Record<string, unknown>>;

/** Carries out one operation; throws `AwsError` for what AWS refuses. Dates become epoch seconds or ISO 8601 on the wire. */
export type Operation = (call: Call, input: Input) => object;
