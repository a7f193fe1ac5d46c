import type { RollbackFacts } from '@/lib/domain/facts';
import { ecrImage, shortDigest, shortImage } from '@/lib/domain/image';
import type { Pin } from '@/lib/domain/pins';
import { formatTime } from '@/lib/domain/time-words';
import type { Draft } from './draft';
import { blocks, type Finding, notChecked, passed, warns, whyNot } from './finding';

export function imagesExist(_facts: RollbackFacts, { pins }: Draft): Finding {
  const missing = pins.find(({ registry, fate }) => registry?.ok && !registry.value.usable && fate !== 'gone');
  if (missing) return blocks(`The image ${shortImage(missing.image)} no longer exists. Tasks could not start.`);
  const unread = pins.filter(({ registry }) => registry === null || !registry.ok);
  if (unread.length > 0) return notChecked(`Whether ${listed(unread)} exists: not checked (${reasonOf(unread)}).`);
  return passed(pins.length === 1 ? 'the image exists' : 'all images exist');
}

const listed = (pins: readonly Pin[]): string => pins.map(({ image }) => shortImage(image)).join(', ');

function reasonOf([first]: readonly Pin[]): string {
  if (first === undefined) return 'not asked';
  if (ecrImage(first.image) === null) return 'not an ECR registry';
  return first.registry === null || first.registry.ok ? 'not asked' : whyNot(first.registry.error);
}

export function imageDigest({ readAt }: RollbackFacts, { pins }: Draft): Finding {
  const gone = pins.find(({ fate }) => fate === 'gone');
  if (gone) return blocks(`The image that ran as ${gone.tag} is gone; the tag names another.`);
  const moved = pins.find(({ fate }) => fate === 'moved');
  if (moved) {
    return warns(
      `The tag ${moved.tag} names another image now. We will use the one that ran: ${shortDigest(moved.ran ?? '')}…`,
    );
  }
  const unknown = pins.find(({ fate, registry }) => fate === 'unknown' && registry?.ok && registry.value.usable);
  if (unknown) {
    const pushed = unknown.registry?.ok ? unknown.registry.value.pushedAt : null;
    const when = pushed === null ? '' : `, pushed ${formatTime(pushed, readAt)}`;
    return warns(`We do not know which image ran as ${unknown.tag}. ECS will use today's${when}.`);
  }
  const unread = pins.filter(({ fate }) => fate === 'not-checked');
  if (unread.length > 0)
    return notChecked(`Whether the tags still name the images that ran: not checked (${reasonOf(unread)}).`);
  return passed('the tags still name the images that ran');
}
