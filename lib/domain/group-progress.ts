import type { Reason, State } from '@/lib/domain/rollback';
import { isEnd } from '@/lib/domain/rollback';
import type { StateWord } from '@/lib/domain/wording';

/** Where a service of a group stands, as far as the group's sentences tell services apart. */
export type Standing = 'back' | 'moving' | 'replaced' | 'needs-someone';

/** One service of a group as it stands; `id` is `null` where the press did not start it. */
export type MemberProgress = {
  readonly id: string | null;
  readonly cluster: string;
  readonly service: string;
  readonly from: string;
  readonly to: string;
  readonly state: StateWord;
  readonly standing: Standing;
  /** `3 of 6`, while ECS replaces tasks. */
  readonly tasks: string | null;
  /** What happened, where that needs somebody. */
  readonly words: string | null;
};

/** A group rollback as its page draws it: no values, and nothing that changes with time alone. */
export type GroupProgress = {
  readonly id: string;
  readonly target: string;
  /** Repository's last part: what was typed. */
  readonly name: string;
  /** Tag returned to, and the one left. */
  readonly to: string;
  readonly from: string;
  readonly undoes: boolean;
  /** Every service that was chosen, those that need somebody first. */
  readonly members: readonly MemberProgress[];
  readonly ended: boolean;
  readonly startedAt: number;
};

/** A group's progress or outcome as it is said. */
export type GroupWords = {
  readonly title: string;
  readonly heading: string;
  readonly sentence: string;
  readonly tone: StateWord['tone'];
  readonly alert: boolean;
};

/** Where a rollback stands for its group. What a newer rollback or a stop replaced is in somebody's hands already. */
export function standingOf(state: State, reason: Reason | null): Standing {
  if (state === 'succeeded') return 'back';
  if (state === 'unknown') return 'needs-someone';
  if (!isEnd(state)) return 'moving';
  return reason === 'by-rollback' || reason === 'stopped' ? 'replaced' : 'needs-someone';
}

const RANK: Readonly<Record<Standing, number>> = { 'needs-someone': 0, moving: 1, replaced: 2, back: 3 };

/** Rows in the order they are read: what needs somebody first, then as they were started. */
export const inReadingOrder = (members: readonly MemberProgress[]): readonly MemberProgress[] =>
  [...members].sort((a, b) => RANK[a.standing] - RANK[b.standing]);

const services = (count: number): string => (count === 1 ? '1 service' : `${count} services`);

/** What is said of a group: its progress, or its outcome once every service has one. */
export function groupWords(progress: GroupProgress): GroupWords {
  const { members, name, target, to, ended, id, undoes } = progress;
  const back = withStanding(members, 'back').length;
  const doing = undoes ? `Undoing the rollback of ${name} in ${target}` : `Rolling back ${name} in ${target}`;
  if (!ended) {
    return {
      title: `(${back} of ${members.length}) ${doing}`,
      heading: doing,
      sentence: standsWords(progress),
      tone: 'progress',
      alert: false,
    };
  }
  const whole = back === members.length;
  const needing = withStanding(members, 'needs-someone').length;
  const heading = whole
    ? `ECS is running ${to} again in ${back} of ${services(members.length)}.`
    : [runWords(progress, ' again'), ...otherWords(progress)].join(' ');
  const they = back === 1 ? 'it works' : 'they work';
  return {
    title: `${heading.replace(/\.$/, '')} · ${id}`,
    heading,
    sentence: back === 0 ? '' : `Now check that ${they}: health checks also passed for ${progress.from}.`,
    tone: whole ? 'good' : needing > 0 ? 'bad' : 'warning',
    alert: needing > 0,
  };
}

/** `11 of 15 services run release-1119.` */
function runWords({ members, to }: Pick<GroupProgress, 'members' | 'to'>, again = ''): string {
  const back = withStanding(members, 'back').length;
  return `${back} of ${services(members.length)} ${back === 1 ? 'runs' : 'run'} ${to}${again}.`;
}

const withStanding = (members: readonly MemberProgress[], standing: Standing): readonly MemberProgress[] =>
  members.filter((member) => member.standing === standing);

/** `11 of 15 services run release-1119. 3 are moving. 1 needs you.` Also what a screen reader is told. */
export function standsWords({ members, to }: Pick<GroupProgress, 'members' | 'to'>): string {
  const count = (standing: Standing): number => withStanding(members, standing).length;
  const [moving, replaced, needing] = [count('moving'), count('replaced'), count('needs-someone')];
  return [
    runWords({ members, to }),
    ...(moving > 0 ? [`${moving} ${moving === 1 ? 'is' : 'are'} moving.`] : []),
    ...(replaced > 0 ? [`${replaced} ${replaced === 1 ? 'was' : 'were'} replaced.`] : []),
    ...(needing > 0 ? [`${needing} ${needing === 1 ? 'needs' : 'need'} you.`] : []),
  ].join(' ');
}

/** Most names said in a heading; the rest are counted. */
const NAMED = 4;

function otherWords({ members }: GroupProgress): readonly string[] {
  const replaced = withStanding(members, 'replaced');
  const needing = withStanding(members, 'needs-someone');
  return [
    ...(replaced.length > 0
      ? [`${replaced.length} ${replaced.length === 1 ? 'was' : 'were'} replaced: ${names(replaced)}.`]
      : []),
    ...(needing.length > 0
      ? [`${needing.length} ${needing.length === 1 ? 'needs' : 'need'} you: ${names(needing)}.`]
      : []),
  ];
}

function names(members: readonly MemberProgress[]): string {
  const said = members.slice(0, NAMED).map(({ service }) => service);
  const rest = members.length - said.length;
  return rest === 0 ? said.join(', ') : `${said.join(', ')} and ${rest} more`;
}
