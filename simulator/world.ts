import type { EcsState } from '@/simulator/ecs/state';
import type { Neighbours } from '@/simulator/neighbours/state';

/** Credentials issued by AssumeRole: whoever signs with this key is this role session. */
export type Session = {
  readonly accessKeyId: string;
  readonly token: string;
  readonly account: string;
  readonly role: string;
  readonly sessionName: string;
  readonly sourceIdentity: string | null;
  /** Actions the inline session policy allows; `null` without one. */
  readonly sessionActions: readonly string[] | null;
  /** Wall clock, milliseconds since 1970. */
  readonly expiresAt: number;
};

/** An IAM role as far as permission and existence checks look at it. */
export type Role = {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly trustPolicy: unknown;
  /** Actions its policies allow, wildcards included. */
  actions: readonly string[];
  externalId: string | null;
  readonly maxSessionSeconds: number;
  readonly createdAt: number;
};

/** What one account holds in one region. Maps, since names such as `constructor` are legal. */
export type Region = Neighbours & EcsState & { readonly account: string; readonly name: string };

/** One AWS account: roles are global, the rest belongs to a region. */
export type Account = {
  readonly id: string;
  readonly roles: Map<string, Role>;
  readonly regions: Map<string, Region>;
};

/**
 * The simulated AWS as one value. Times inside are the world's own milliseconds: add `clock.offsetMs` for the
 * wall clock. Plain data and maps throughout, so it can be copied, kept in a file and looked at.
 */
export type World = {
  readonly scenario: string;
  readonly clock: { offsetMs: number; speed: number };
  readonly seed: string;
  sequence: number;
  /** Rises with every change, so that whoever keeps the world knows when to write. */
  changes: number;
  /** How long after deregistering ECS still takes a revision; its documents allow ten minutes. */
  readonly inactiveAllowedMs: number;
  readonly accounts: Map<string, Account>;
  readonly sessions: Map<string, Session>;
};

/** A world without accounts, whose time begins as the wall clock's. */
export function emptyWorld(scenario: string, speed: number): World {
  return {
    scenario,
    clock: { offsetMs: 0, speed },
    seed: scenario,
    sequence: 0,
    changes: 0,
    inactiveAllowedMs: 0,
    accounts: new Map(),
    sessions: new Map(),
  };
}

/** The account, created empty at the first look: AWS has accounts we know nothing of. */
export function accountOf(world: World, id: string): Account {
  const known = world.accounts.get(id);
  if (known) return known;
  const account: Account = { id, roles: new Map(), regions: new Map() };
  world.accounts.set(id, account);
  return account;
}

/** The account's share of a region, created empty at the first look. */
export function regionOf(world: World, accountId: string, name: string): Region {
  const account = accountOf(world, accountId);
  const known = account.regions.get(name);
  if (known) return known;
  const region: Region = {
    account: accountId,
    name,
    clusters: new Map(),
    services: new Map(),
    families: new Map(),
    looseTasks: new Map(),
    containerInstances: new Map(),
    repositories: new Map(),
    pullThroughCacheRules: new Map(),
    secrets: new Map(),
    parameters: new Map(),
    targetGroups: new Map(),
    alarms: new Map(),
    logGroups: new Map(),
    scalableTargets: new Map(),
  };
  account.regions.set(name, region);
  return region;
}

/** Every region of every account. */
export const regionsOf = (world: World): Region[] =>
  [...world.accounts.values()].flatMap((account) => [...account.regions.values()]);
