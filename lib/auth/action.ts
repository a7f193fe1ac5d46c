import 'server-only';
import { headers } from 'next/headers';
import { z } from 'zod';
import type { Principal } from '@/lib/domain/permissions';
import { fail, type Result } from '@/lib/result';
import { access } from './access';
import { isOwnRequest } from './origin';
import { requirePrincipal } from './principal';

/** The form does not have the fields this action takes; `fields` names the wrong ones. */
export type InvalidRequest = { readonly kind: 'invalid-request'; readonly fields: readonly string[] };

/** The request was not made by a page of ours. */
export type ForeignRequest = { readonly kind: 'foreign-request' };

/** Whether the request at hand was made by a page of our own. */
export async function isOwn(): Promise<boolean> {
  return isOwnRequest(await headers(), access().baseUrl);
}

/**
 * Wraps what a form asks for, so that origin, identity and shape cannot be forgotten, in this order: a stranger learns
 * nothing from validation.
 *
 * @param shape - Fields the form has; a field that is an array takes every value of its name.
 * @param act - Decides and does; whether the person may is asked there, where the target is known.
 */
export function action<S extends z.ZodObject, T, E>(
  shape: S,
  act: (principal: Principal, input: z.infer<S>) => Promise<Result<T, E>>,
) {
  return async (_previous: unknown, form: FormData): Promise<Result<T, E | InvalidRequest | ForeignRequest>> => {
    if (!(await isOwn())) return fail({ kind: 'foreign-request' });
    const principal = await requirePrincipal();
    const input = shape.safeParse(fieldsOf(form, shape));
    if (!input.success) {
      return fail({ kind: 'invalid-request', fields: Object.keys(z.flattenError(input.error).fieldErrors) });
    }
    return act(principal, input.data);
  };
}

/** Fields by name, the framework's own left out. A name given twice is a list, which only a list takes. */
export function fieldsOf(form: unknown, shape: z.ZodObject): Readonly<Record<string, unknown>> {
  // What a request carries as arguments is up to whoever wrote it.
  if (!(form instanceof FormData)) return {};
  const names = [...new Set(form.keys())].filter((name) => !name.startsWith('$ACTION_'));
  return Object.fromEntries(
    names.map((name) => {
      const values = form.getAll(name);
      const field = Object.hasOwn(shape.shape, name) ? shape.shape[name] : undefined;
      return [name, takesList(field) || values.length > 1 ? values : values[0]];
    }),
  );
}

/** Whether a field is an array, also behind a default or where it may be missing. */
function takesList(field: z.core.$ZodType | undefined): boolean {
  if (field === undefined) return false;
  const { type, innerType } = field._zod.def as { type: string; innerType?: z.core.$ZodType };
  return type === 'array' || takesList(innerType);
}
