import { familyOf, revisionName, revisionNumber } from '@/lib/domain/arn';
import type { Change } from '@/lib/domain/change';
import { bytesOf } from '@/lib/domain/clone';
import type { ReadFailure, RollbackFacts } from '@/lib/domain/facts';
import { historyOf } from '@/lib/domain/history';
import { parseImage } from '@/lib/domain/image';
import type { Pin } from '@/lib/domain/pins';
import type { Digests } from '@/lib/domain/service';
import type { ShownDefinition } from '@/lib/domain/task-definition';
import type { Draft } from './draft';
import { blocks, type Finding, notChecked, passed, warns, whyNot } from './finding';

/** That a revision, by ARN or name, could not be read, and why. */
export const unreadableWords = (revision: string, { words }: ReadFailure): string =>
  `Revision ${revisionNumber(revision) || revisionName(revision)} cannot be read, so it cannot be copied: ${words.replace(/\.$/, '')}.`;

export const revisionReadable = ({ wanted, wish }: RollbackFacts): Finding =>
  wanted.ok
    ? passed(`revision ${wanted.value.number} can be read`)
    : blocks(unreadableWords(wish.to ?? '', wanted.error));

export function beingDeleted({ wanted }: RollbackFacts): Finding {
  if (!wanted.ok || wanted.value.status !== 'DELETE_IN_PROGRESS') return passed('the revision is not being deleted');
  return warns(`Revision ${wanted.value.number} is being deleted. It can still be copied now.`);
}

export function family({ wanted, service, deployments, past, stops, readAt }: RollbackFacts): Finding {
  if (!wanted.ok) return passed('the family was not looked at');
  const { family: wantedFamily, arn, number, registeredAt } = wanted.value;
  if (wantedFamily === familyOf(service.taskDefinitionArn)) return passed('the revision is of the family that runs');
  const name = `${wantedFamily}:${number}`;
  const ran = deployments.ok && deployments.value.some(({ taskDefinitionArn }) => taskDefinitionArn === arn);
  if (ran || past.some(({ originArn, copyArn }) => originArn === arn || copyArn === arn))
    return passed(`${name} ran here before`);
  if (!deployments.ok)
    return notChecked(
      `Whether ${name} of another family ever ran in ${service.name}: not checked (${whyNot(deployments.error)}).`,
    );
  const known = historyOf({ deployments: deployments.value, past, stops, at: readAt }).knownSince;
  return registeredAt !== null && registeredAt >= known
    ? blocks(`${name} is of another family and never ran in ${service.name}.`)
    : blocks(`${name} is of another family, and we do not know whether it ever ran in ${service.name}.`);
}

export function alreadyRunning({ service, wish }: RollbackFacts, draft: Draft): Finding {
  if (draft.changes.length > 0) return passed('what runs now differs from it');
  const { from, to } = draft;
  const isRunning = wish.ran === null && from.taskDefinitionArn === to.taskDefinitionArn;
  // Tags moved: the same words would start another image, which is a change.
  if (!isRunning && !draft.pins.every((pin) => certainlyRuns(pin, from.digests))) {
    return passed('the same definition, perhaps with other images');
  }
  return blocks(`${service.name} already runs ${to.tag ?? to.name}. There is nothing to roll back.`);
}

/** Whether a container's image, written the same, certainly is the one that runs. */
function certainlyRuns({ container, written, ran, fate, today }: Pin, running: Digests): boolean {
  const digest = ran ?? (fate === 'unknown' ? today : null);
  return parseImage(written).digest !== null || (digest !== null && running.get(container) === digest);
}

/** What ECS registers at most. */
const MOST_BYTES = 65_536;

export function completeCopy(_facts: RollbackFacts, { source, shown }: Draft): Finding {
  if (source === null) return passed('nothing is copied');
  const [field] = source.unknownFields;
  if (field !== undefined) return blocks(`Revision ${source.number} has a field this tool cannot copy (${field}).`);
  // An image fixed to its digest is longer than one with a tag, so the copy of what was registered may be too large.
  const bytes = source.bytes + bytesOf(imagesOf(shown)) - bytesOf(imagesOf(source.shown));
  return bytes > MOST_BYTES
    ? blocks(`The copy of revision ${source.number} would be larger than the 64 KiB that ECS registers.`)
    : passed('every field of the definition can be copied');
}

const imagesOf = ({ containerDefinitions = [] }: ShownDefinition): readonly string[] =>
  containerDefinitions.map(({ image = '' }) => image);

export function lessResources(_facts: RollbackFacts, { changes }: Draft): Finding {
  const less = changes.flatMap(lessWords);
  return less.length === 0 ? passed('CPU and memory do not go down') : warns(less.join(' '));
}

/** `Memory goes down from 2048 to 1024 MiB.`; empty for a change that takes nothing away. */
function lessWords({ subject, name, container, before, after }: Change): readonly string[] {
  if (subject !== 'size' || before === null || after === null) return [];
  if (!(Number.parseFloat(after) < Number.parseFloat(before))) return [];
  const what = name.replace(/^Task memory$/, 'Memory').replace(/^Task CPU$/, 'CPU');
  const where = container === null ? '' : ` of ${container}`;
  return [`${what}${where} goes down from ${before.split(' ')[0]} to ${after}.`];
}
