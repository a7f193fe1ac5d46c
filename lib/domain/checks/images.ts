import type { RollbackFacts } from '@/lib/domain/facts';
import { ecrImage, shortDigest, shortImage } from '@/lib/domain/image';
import type { Pin } from '@/lib/domain/pins';
import { formatTime } from '@/lib/domain/time-words';
import type { Draft } from './draft';
import { blocks, type Finding, notChecked, passed, warns, whyNot } from './finding';

/** Which images are not there to be pulled, in words; `null` where none is known to be missing. */
function missingWords(pins: readonly Pin[]): string | null {
  const missing = pins.filter(({ registry, fate }) => registry?.ok && !registry.value.usable && fate !== 'gone');
  return missing.length === 0 ? null : `${missing.map(missingOne).join(' ')} Tasks could not start.`;
}

function goneWords(pins: readonly Pin[]): string | null {
  const gone = pins.filter(({ fate }) => fate === 'gone');
  return gone.length === 0 ? null : gone.map(goneOne).join(' ');
}

/** Why images alone stand against a version, in the words of the checks; `null` where they do not. */
export const imagesAgainst = (pins: readonly Pin[]): string | null => missingWords(pins) ?? goneWords(pins);

export function imagesExist(_facts: RollbackFacts, { pins }: Draft): Finding {
  const missing = missingWords(pins);
  if (missing !== null) return blocks(missing);
  const unread = pins.filter(({ registry }) => registry === null || !registry.ok);
  if (unread.length > 0) {
    const exist = unread.length === 1 ? 'exists' : 'exist';
    return notChecked(`Whether ${listed(unread)} ${exist}: not checked (${reasonsOf(unread)}).`);
  }
  return passed(pins.length === 1 ? 'the image exists' : 'all images exist');
}

/** An archived image has a digest and cannot be pulled. */
const missingOne = ({ image, registry }: Pin): string =>
  registry?.ok && registry.value.digest !== null
    ? `The image ${shortImage(image)} is archived and cannot be pulled.`
    : `The image ${shortImage(image)} no longer exists.`;

const listed = (pins: readonly Pin[]): string => pins.map(({ image }) => shortImage(image)).join(', ');

const reasonsOf = (pins: readonly Pin[]): string => [...new Set(pins.map(reasonOf))].join('; ');

function reasonOf({ image, registry }: Pin): string {
  if (ecrImage(image) === null) return 'not an ECR registry';
  return registry === null || registry.ok ? 'not asked' : whyNot(registry.error);
}

export function imageDigest({ readAt }: RollbackFacts, { pins }: Draft): Finding {
  const gone = goneWords(pins);
  if (gone !== null) return blocks(gone);
  const doubtful = pins.flatMap((pin) => doubtOf(pin, readAt) ?? []);
  if (doubtful.length > 0) {
    const shorts = doubtful.map(({ short }) => short);
    return warns(doubtful.map(({ words }) => words).join(' '), [...new Set(shorts)].join('; '));
  }
  const unread = pins.filter(({ fate }) => fate === 'not-checked');
  if (unread.length > 0) {
    return notChecked(`Whether the tags still name the images that ran: not checked (${reasonsOf(unread)}).`);
  }
  return passed('the tags still name the images that ran');
}

const goneOne = ({ tag }: Pin): string => `The image that ran as ${tag} is gone; the tag names another.`;

/** What is known of the image a tag names now, as the end of a sentence. */
function ofToday(pin: Pin, readAt: number): string {
  if (!pin.registry?.ok) return `, which was not looked at (${reasonOf(pin)})`;
  const { pushedAt } = pin.registry.value;
  return pushedAt === null ? '' : `, pushed ${formatTime(pushedAt, readAt)}`;
}

type Doubt = { readonly words: string; readonly short: string };

/** What is doubtful about one container's image, or `null`. */
function doubtOf(pin: Pin, readAt: number): Doubt | null {
  const { fate, tag, ran, today, registry } = pin;
  if (fate === 'moved') {
    const now = today === null ? 'names no image' : 'names another image';
    return {
      words: `The tag ${tag} ${now} now. We will use the one that ran: ${shortDigest(ran ?? '')}…`,
      short: `the tag ${tag} has moved`,
    };
  }
  // A tag that names nothing is a missing image, which another check says.
  if (fate !== 'unknown' || (registry?.ok && !registry.value.usable)) return null;
  return {
    words: `We do not know which image ran as ${tag}. ECS will use today's${ofToday(pin, readAt)}.`,
    short: `it is not known which image ran as ${tag}`,
  };
}
