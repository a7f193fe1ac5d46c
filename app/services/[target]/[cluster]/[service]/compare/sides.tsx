import { Button } from '@/components/ui/button';
import { Link } from '@/components/ui/link';
import type { ComparePage } from '@/lib/queries/compare-revisions';
import { routes } from '@/lib/routes';

/** Which two revisions are compared; both can be chosen, and swapped. */
export function Sides({ page }: { readonly page: ComparePage }) {
  const { head, from, to } = page;
  const address = { target: head.target.name, cluster: head.cluster, service: head.service };
  return (
    <form action={routes.comparison(address)} className="flex flex-wrap items-end gap-x-4 gap-y-2">
      <Side label="From" name="from" page={page} chosen={from} />
      <Side label="To" name="to" page={page} chosen={to} />
      <Button>Compare</Button>
      <Link
        href={routes.compare(address, { from: to, to: from })}
        className="inline-flex min-h-10 items-center text-link underline underline-offset-3 pointer-coarse:min-h-11"
      >
        Swap
      </Link>
    </form>
  );
}

type SideProps = {
  readonly label: string;
  readonly name: 'from' | 'to';
  readonly page: ComparePage;
  readonly chosen: string;
};

function Side({ label, name, page: { choices }, chosen }: SideProps) {
  const known = choices.some(({ revision }) => revision === chosen);
  return (
    <div className="w-full sm:w-64">
      <label htmlFor={name} className="mb-1 block text-sm text-muted">
        {label}
      </label>
      <select
        id={name}
        name={name}
        defaultValue={chosen}
        className="min-h-10 w-full rounded-md border border-edge bg-background px-3 py-2 text-base pointer-coarse:min-h-11"
      >
        {!known && <option value={chosen}>{chosen}</option>}
        {choices.map(({ revision, name: words }) => (
          <option key={revision} value={revision}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}
