import { normalise } from '@/lib/domain/normalise';
import type { Decision, Plan } from '@/lib/domain/plan-shape';
import { Masked } from '@/lib/domain/sealed';
import { primaryOf } from '@/lib/domain/service';

/**
 * What must not move between reading a plan and pressing it: the service, what runs, what comes back, the exact
 * definition to register and the ids of all blocks and warnings. Task counts and ages are only shown: scaling moves them.
 *
 * Masked values stand in it by fingerprint, so it goes into a keyed hash and nowhere else.
 */
export function decisionOf(plan: Omit<Plan, 'decision' | 'steps' | 'notes'>): Decision {
  const { service, facts, draft, findings } = plan;
  return {
    kind: plan.kind,
    service: service.arn,
    running: service.taskDefinitionArn,
    primary: primaryOf(service)?.id ?? null,
    to: plan.to.taskDefinitionArn,
    ran: facts.wish.ran,
    undo: facts.wish.undo,
    bring: plan.bring,
    source: plan.source?.arn ?? null,
    stop: plan.stopArn,
    images: Object.fromEntries(plan.images),
    definition: plan.kind === 'copy' ? fingerprinted(normalise(draft.shown)) : null,
    objections: [...findings]
      .filter(([, { kind }]) => kind === 'blocks' || kind === 'warns')
      .map(([name, { kind }]) => `${kind}:${name}`),
  };
}

function fingerprinted(value: unknown): unknown {
  if (value instanceof Masked) return { masked: value.fingerprint() };
  if (Array.isArray(value)) return value.map(fingerprinted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fingerprinted(member)]));
}
