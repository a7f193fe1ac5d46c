import type { Change } from '@/lib/domain/change';
import { summaryOf } from '@/lib/domain/difference-words';
import { imagesToBring } from '@/lib/domain/image';
import type { Sides } from '@/lib/domain/plan';
import type { BringCard } from '@/lib/domain/plan-shape';

const list = (names: readonly string[]): string => names.join(', ');

/** The two ways to go back, where settings differ as well. Neither is chosen for anybody. */
export function cardsFor(
  { running, wanted, from, to, forward }: Sides,
  differing: readonly Change[],
): readonly BringCard[] {
  const brought = imagesToBring(running.shown, wanted.shown);
  const imageChanges = new Set(
    differing.filter(({ subject }) => subject === 'image').map(({ container }) => container),
  );
  const changed = [...brought.images.keys()].filter((name) => imageChanges.has(name));
  const same = [...brought.images.keys()].filter((name) => !imageChanges.has(name));
  const settings = differing.filter(({ subject }) => subject !== 'image');
  return [
    {
      bring: 'images',
      unusable: unusableImages({ any: brought.images.size > 0, changed, from: from.number, to: to.number }),
      lines: imageLines({ ...brought, changed, same }, to.number),
    },
    {
      bring: 'everything',
      unusable: null,
      lines: [`Also ${forward ? 'changes' : 'goes back'}: ${summaryOf(settings)}.`],
    },
  ];
}

function unusableImages(side: { any: boolean; changed: readonly string[]; from: number; to: number }): string | null {
  if (!side.any) return `Cannot be used: no container has the same name in ${side.to} and ${side.from}.`;
  return side.changed.length === 0 ? 'Cannot be used: the images are the same; only settings differ.' : null;
}

type Lines = {
  readonly changed: readonly string[];
  readonly same: readonly string[];
  readonly keptAsToday: readonly string[];
  readonly notBroughtBack: readonly string[];
};

function imageLines({ changed, same, keptAsToday, notBroughtBack }: Lines, number: number): readonly string[] {
  const keeps = same.length === 0 ? '' : `; ${list(same)} ${same.length === 1 ? 'keeps' : 'keep'} the same image`;
  return [
    ...(changed.length === 0 ? [] : [`Image changes in ${list(changed)}${keeps}.`]),
    ...(keptAsToday.length === 0 ? [] : [`Kept as today: ${list(keptAsToday)} (not in ${number}).`]),
    ...(notBroughtBack.length === 0 ? [] : [`Not brought back: ${list(notBroughtBack)} (only in ${number}).`]),
  ];
}
