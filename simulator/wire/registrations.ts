import { type AwsError, clientError } from '@/simulator/aws-error';
import type { WireRequest } from './request';

/** A registration on its way, or any other request, which nothing refuses. */
export type Registration = { readonly refused: AwsError | null; readonly end: () => void };

/** Registrations on their way: ECS takes one at a time in a family. They overlap where requests take time. */
export type Registrations = { readonly begin: (request: WireRequest, account: string) => Registration };

const FREE: Registration = { refused: null, end: () => undefined };

/** None on their way. */
export function createRegistrations(): Registrations {
  const families = new Set<string>();
  return {
    begin: ({ service, operation, input, signature }, account) => {
      if (service !== 'ecs' || operation !== 'RegisterTaskDefinition') return FREE;
      const family = `${account}/${signature?.region}/${String(input.family)}`;
      if (families.has(family)) {
        const words = 'Too many concurrent attempts to create a new revision of the specified family.';
        return { ...FREE, refused: clientError(words) };
      }
      families.add(family);
      return { refused: null, end: () => families.delete(family) };
    },
  };
}
