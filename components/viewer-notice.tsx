import type { ServiceHead } from '@/lib/queries/get-service';
import { Name } from './ui/name';
import { Notice } from './ui/notice';

/** In place of a button, for people who may look here and not roll back. */
export function ViewerNotice({ head: { service, target, operators } }: { readonly head: ServiceHead }) {
  return (
    <Notice tone="muted">
      <p>
        You can view <Name>{service}</Name> in <Name>{target.name}</Name> but not roll it back. People in{' '}
        {operators.join(', ')} can.
      </p>
    </Notice>
  );
}
