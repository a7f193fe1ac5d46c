import type { Target } from '@/lib/domain/target';

export type Light = { readonly ok: boolean; readonly words: string };

export type StatusPage = {
  readonly targets: readonly {
    readonly target: Target;
    readonly read: Light;
    readonly write: Light;
    readonly calls: string;
    readonly endpoint: string | null;
    readonly readAt: number;
  }[];
  readonly database: Light;
  readonly record: Light;
  readonly signIn: Light;
  readonly notes: readonly string[];
  readonly ownersContact: string | null;
  readonly now: number;
};
