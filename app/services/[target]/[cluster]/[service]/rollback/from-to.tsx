import { Icon } from '@/components/ui/icon';
import { Link } from '@/components/ui/link';
import { Name } from '@/components/ui/name';
import type { SidesView } from './plan-view';

type Props = { readonly sides: SidesView; readonly changeHref: string | null };

/** The version that runs and the one wanted, side by side. */
export function FromTo({ sides: { from, to, ran }, changeHref }: Props) {
  return (
    <dl className="grid overflow-hidden rounded-lg border border-edge sm:grid-cols-[1fr_auto_1fr]">
      <Side title="From" name={from.name} words={ran.from} />
      <div aria-hidden="true" className="flex items-center justify-center px-1 text-muted max-sm:hidden">
        <Icon sign="←" className="-scale-x-100" />
      </div>
      <Side
        title="To"
        name={to.name}
        words={ran.to}
        changeHref={changeHref}
        className="max-sm:border-t max-sm:border-line"
      />
    </dl>
  );
}

type SideProps = {
  readonly title: string;
  readonly name: string;
  readonly words: string;
  readonly changeHref?: string | null;
  readonly className?: string;
};

function Side({ title, name, words, changeHref = null, className = '' }: SideProps) {
  return (
    <div className={`min-w-0 p-4 ${className}`}>
      <dt className="flex min-h-7 items-baseline justify-between gap-4 text-sm text-muted">
        {title}
        {changeHref !== null && (
          <Link href={changeHref} className="inline-block py-0.5 text-link underline underline-offset-3">
            Change<span className="sr-only"> the version to return to</span>
          </Link>
        )}
      </dt>
      <dd>
        <Name className="block text-lg font-semibold">{name}</Name>
        <span className="text-muted">{words}</span>
      </dd>
    </div>
  );
}
