import { familyOf, revisionNumber } from '@/lib/domain/arn';
import type { Change } from '@/lib/domain/change';
import type { RollbackFacts } from '@/lib/domain/facts';
import type { Draft } from './draft';
import { blocks, type Finding, passed, warns } from './finding';

export function revisionReadable({ wanted, wish }: RollbackFacts): Finding {
  if (wanted.ok) return passed(`revision ${wanted.value.number} can be read`);
  return blocks(
    `Revision ${revisionNumber(wish.to ?? '') || (wish.to ?? '')} cannot be read, so it cannot be copied: ${wanted.error.words}`,
  );
}

export function beingDeleted({ wanted }: RollbackFacts): Finding {
  if (!wanted.ok || wanted.value.status !== 'DELETE_IN_PROGRESS') return passed('the revision is not being deleted');
  return warns(`Revision ${wanted.value.number} is being deleted. It can still be copied now.`);
}

export function family({ wanted, service, deployments, past }: RollbackFacts): Finding {
  if (!wanted.ok) return passed('the family was not looked at');
  const { family: wantedFamily, arn, number } = wanted.value;
  if (wantedFamily === familyOf(service.taskDefinitionArn)) return passed('the revision is of the family that runs');
  const ran = deployments.ok && deployments.value.some(({ taskDefinitionArn }) => taskDefinitionArn === arn);
  if (ran || past.some(({ originArn, copyArn }) => originArn === arn || copyArn === arn))
    return passed(`${wantedFamily}:${number} ran here before`);
  return blocks(`${wantedFamily}:${number} is of another family and never ran in ${service.name}.`);
}

export function alreadyRunning({ service }: RollbackFacts, draft: Draft): Finding {
  if (draft.changes.length > 0) return passed('what runs now differs from it');
  // Tags moved: the same words would start another image, which is a change.
  const otherImage = draft.pins.some(({ fate }) => fate === 'unknown' || fate === 'not-checked');
  if (otherImage && draft.from.taskDefinitionArn !== draft.to.taskDefinitionArn && !sameDigests(draft)) {
    return passed('the same definition, perhaps with other images');
  }
  return blocks(`${service.name} already runs ${draft.to.tag ?? draft.to.name}. There is nothing to roll back.`);
}

const sameDigests = ({ from, to }: Draft): boolean =>
  to.digests.size > 0 && [...to.digests].every(([container, digest]) => from.digests.get(container) === digest);

export function completeCopy(_facts: RollbackFacts, { source }: Draft): Finding {
  const [field] = source?.unknownFields ?? [];
  if (source === null || field === undefined) return passed('every field of the definition can be copied');
  return blocks(`Revision ${source.number} has a field this tool cannot copy (${field}).`);
}

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
