import 'server-only';
import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import type { Application } from '@/lib/application';
import type { AskedOnce } from '@/lib/aws/calls';
import { canonical, sha256 } from '@/lib/digest';
import type { Wish } from '@/lib/domain/facts';
import type { Principal } from '@/lib/domain/permissions';
import type { PlanGroup } from '@/lib/domain/plan-body';
import type { Result } from '@/lib/result';
import { type DrawnPlan, planRollback } from './plan-rollback';
import type { NoService } from './read-facts';

/** A service of a group, and what is wished for it. */
export type MemberWish = {
  readonly cluster: string;
  readonly service: string;
  readonly balanced: boolean;
  readonly wish: Wish;
};

/** A group before its plans are drawn. */
export type GroupQuestion = Pick<PlanGroup, 'image' | 'to' | 'undoes'> & {
  readonly target: string;
  readonly members: readonly MemberWish[];
};

/** A service of a group with its plan, or why there is none. */
export type DrawnMember = MemberWish & { readonly drawn: Result<DrawnPlan, NoService> };

/** Services whose facts are read at the same time: more would only wait for the same quotas. */
const AT_ONCE = 8;

/** Draws the plan of every service, each an ordinary plan of its own that knows which group it was drawn with. */
export function planGroup(
  principal: Principal,
  { target, members, image, to, undoes }: GroupQuestion,
  application: Application,
): Promise<readonly DrawnMember[]> {
  const limit = pLimit(AT_ONCE);
  const drawing = randomUUID();
  const once: AskedOnce = new Map();
  return Promise.all(
    members.map((member) =>
      limit(async () => {
        const { cluster, service, wish, balanced } = member;
        const group: PlanGroup = { drawing, image, to, undoes, balanced };
        const question = { target, cluster, service, wish, sameImage: [], group, once };
        return { ...member, drawn: await planRollback(principal, question, application) };
      }),
    ),
  );
}

/** One hash over the plans of a group in their order, for the form to carry. */
export const groupHash = (plans: readonly { readonly id: string; readonly hash: string }[]): string =>
  sha256(canonical(plans.map(({ id, hash }) => [id, hash])));
