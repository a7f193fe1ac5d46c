import type { ContainerDefinition, Tag, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Masked, Sealed } from '@/lib/domain/sealed';

/** A string that is shown, or one that is only comparable. */
export type Shown = string | Masked;

/** A container as it may be shown: values that can hold a secret are {@link Masked}, names are clear. */
export type ShownContainer = Omit<
  ContainerDefinition,
  | 'environment'
  | 'command'
  | 'entryPoint'
  | 'healthCheck'
  | 'dockerLabels'
  | 'logConfiguration'
  | 'firelensConfiguration'
> & {
  readonly environment?: readonly { readonly name?: string; readonly value?: Shown }[];
  readonly command?: readonly Shown[];
  readonly entryPoint?: readonly Shown[];
  readonly healthCheck?: Omit<NonNullable<ContainerDefinition['healthCheck']>, 'command'> & {
    readonly command?: readonly Shown[];
  };
  readonly dockerLabels?: Readonly<Record<string, Shown>>;
  readonly logConfiguration?: Omit<NonNullable<ContainerDefinition['logConfiguration']>, 'options'> & {
    readonly options?: Readonly<Record<string, Shown>>;
  };
  readonly firelensConfiguration?: Omit<NonNullable<ContainerDefinition['firelensConfiguration']>, 'options'> & {
    readonly options?: Readonly<Record<string, Shown>>;
  };
};

/** A task definition as it may be shown. Fields nobody foresaw are masked whole and stand under their own name. */
export type ShownDefinition = Omit<TaskDefinition, 'containerDefinitions' | 'volumes'> & {
  readonly containerDefinitions?: readonly ShownContainer[];
  readonly volumes?: readonly Record<string, unknown>[];
};

/** What describing a revision gave: the definition and its tags, as AWS sent them. Holds values; travels sealed. */
export type OriginalDefinition = { readonly definition: TaskDefinition; readonly tags: readonly Tag[] };

/**
 * One revision of a family.
 *
 * `unknownFields` are paths AWS sent and the SDK could not type, such as `containerDefinitions[0].newField`;
 * a revision with any cannot be copied. `bytes` is the size of its copy as sent. Times are milliseconds since 1970, `null` where AWS gave none.
 */
export type Revision = {
  readonly arn: string;
  readonly family: string;
  readonly number: number;
  /** AWS's word: `ACTIVE`, `INACTIVE` or `DELETE_IN_PROGRESS`. */
  readonly status: string;
  readonly registeredAt: number | null;
  readonly deregisteredAt: number | null;
  /** ARN of the role or session that registered it. */
  readonly registeredBy: string | null;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly shown: ShownDefinition;
  readonly original: Sealed<OriginalDefinition>;
  readonly unknownFields: readonly string[];
  readonly bytes: number;
};
