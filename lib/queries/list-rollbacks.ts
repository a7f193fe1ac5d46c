/** One line of the record: a rollback, or a press that was refused. */
export type RecordRow = {
  readonly seq: number;
  readonly at: number;
  readonly by: string;
  readonly target: string;
  readonly cluster: string;
  readonly service: string;
  readonly from: string;
  readonly to: string;
  /** Rollback to open; null for a refusal. */
  readonly rollbackId: string | null;
  readonly outcome: {
    readonly icon: string;
    readonly word: string;
    readonly tone: 'progress' | 'good' | 'warning' | 'bad' | 'muted';
  };
  readonly reason: string | null;
  readonly details: string | null;
};

export type RecordPage = {
  readonly rows: readonly RecordRow[];
  readonly filters: Readonly<Record<'service' | 'target' | 'who' | 'outcome' | 'from' | 'to', string>>;
  readonly targets: readonly string[];
  readonly outcomes: readonly { readonly value: string; readonly word: string }[];
  /** Value of `before` for the next 50; null at the end. */
  readonly older: string | null;
  readonly any: boolean;
  readonly now: number;
};
