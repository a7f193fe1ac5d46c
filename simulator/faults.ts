import { isRead } from './execute';

/** What can go wrong, named for what the caller sees. */
export const FAULTS = [
  'throttle',
  'server-error',
  'bad-gateway-html',
  'access-denied',
  'expired-token',
  'hang',
  'drop-before-apply',
  'drop-after-apply',
  'error-after-apply',
  'slow',
  'stale-read',
  'truncate',
  'stall',
  'short-page',
  'empty-page',
  'repeated-page',
] as const;

export type FaultName = (typeof FAULTS)[number];

/** A fault and the requests it strikes. */
export type FaultRule = {
  readonly fault: FaultName;
  /** Signing name; `null` for every service. */
  readonly service: string | null;
  /** An operation, or `reads` for all that change nothing. */
  readonly operation: string;
  /** How many requests it strikes; `null` for all. */
  readonly count: number | null;
  /** How many matching requests pass first. */
  readonly skip: number;
  /** From when on and for how long, in milliseconds since it was set. */
  readonly afterMs: number;
  readonly forMs: number | null;
  /** Chance that it strikes a matching request, from 0 to 1. */
  readonly probability: number;
  /** Of `slow`: how long. Of `stale-read`: how old. */
  readonly ms: number;
  /** Of `hang`: whether the operation is carried out. */
  readonly applied: boolean;
};

/** What strikes one request. Delays and stale views go with anything else, of which there is one at most. */
export type Strike = {
  readonly delayMs: number;
  readonly staleMs: number | null;
  readonly fault: Exclude<FaultName, 'slow' | 'stale-read'> | null;
  /** Of `hang` alone. */
  readonly applied: boolean;
};

/** Nothing goes wrong. */
export const UNHARMED: Strike = { delayMs: 0, staleMs: null, fault: null, applied: false };

type Active = { readonly id: string; readonly rule: FaultRule; readonly since: number; passed: number; struck: number };

/** The faults in force. Times are wall milliseconds. */
export type Faults = {
  /** Puts a fault in force; answers its id. */
  readonly add: (rule: FaultRule, now: number) => string;
  readonly clear: () => void;
  /** Age of the oldest view a fault in force shows; `null` where none shows an old one. */
  readonly oldestMs: () => number | null;
  /** What strikes this request. Asking counts. */
  readonly strike: (request: { readonly service: string; readonly operation: string }, now: number) => Strike;
};

/** No faults yet; `chance` gives numbers from 0 to below 1. */
export function createFaults(chance: () => number = Math.random): Faults {
  let active: Active[] = [];
  let last = 0;
  const strikes = (each: Active): boolean => {
    if (each.passed < each.rule.skip) {
      each.passed += 1;
      return false;
    }
    if (each.rule.probability < 1 && chance() >= each.rule.probability) return false;
    each.struck += 1;
    return true;
  };
  return {
    add: (rule, now) => {
      last += 1;
      active.push({ id: `fault-${last}`, rule, since: now, passed: 0, struck: 0 });
      return `fault-${last}`;
    },
    clear: () => {
      active = [];
    },
    oldestMs: () => {
      const ages = active.filter(({ rule }) => rule.fault === 'stale-read').map(({ rule }) => rule.ms);
      return ages.length === 0 ? null : Math.max(...ages);
    },
    strike: (request, now) => {
      if (active.length === 0) return UNHARMED;
      active = active.filter((each) => !isOver(each, now));
      let strike = UNHARMED;
      for (const each of active) {
        if (!matches(each, request, now)) continue;
        const { fault, ms, applied } = each.rule;
        const alone = fault !== 'slow' && fault !== 'stale-read';
        // The next fault of the same kind waits its turn: two of them make a sequence.
        if (alone && strike.fault !== null) continue;
        if (!strikes(each)) continue;
        if (alone) strike = { ...strike, fault, applied };
        else if (fault === 'slow') strike = { ...strike, delayMs: strike.delayMs + ms };
        else strike = { ...strike, staleMs: Math.max(strike.staleMs ?? 0, ms) };
      }
      return strike;
    },
  };
}

function isOver({ rule, since, struck }: Active, now: number): boolean {
  const { count, afterMs, forMs } = rule;
  return (count !== null && struck >= count) || (forMs !== null && now >= since + afterMs + forMs);
}

function matches(
  { rule, since }: Active,
  { service, operation }: { readonly service: string; readonly operation: string },
  now: number,
): boolean {
  if (now < since + rule.afterMs) return false;
  if (rule.service !== null && rule.service !== service) return false;
  return rule.operation === 'reads' ? isRead(operation) : rule.operation === operation;
}
