/** Starts the server of a folder, or finds the one that lives there. */
export function startPostgres(options: {
  readonly folder: string;
  readonly logFile: string;
  readonly say?: (line: string) => void;
}): Promise<{
  readonly superuserUrl: string;
  readonly appUrl: string;
  readonly fresh: boolean;
  readonly found: boolean;
  stop(): Promise<void>;
}>;

/** Where the data of `folder` really stands: below the temporary folder if PostgreSQL's account cannot reach it. */
export function dataFolder(folder: string): string;
