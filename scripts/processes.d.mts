export type Entry = { readonly name: string; readonly pid: number; readonly since: string };
export type Living = Entry & { readonly isLeft: boolean; readonly isOurs: boolean };

/** Starts a process in a group of its own, with a log and files that name it. */
export function launch(process: {
  readonly name: string;
  readonly folder: string;
  readonly arguments_: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}): {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  readonly logFrom: number;
  readonly ended: Promise<number | string>;
  end(graceMs: number): Promise<void>;
};

/** Processes of a folder that live, whoever started them. */
export function livingIn(folder: string): readonly Living[];

/** Ends a process of a folder: asks, waits up to `graceMs`, then does not ask. */
export function endProcess(folder: string, entry: Entry, graceMs: number): Promise<void>;
