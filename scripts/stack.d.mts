/** A dashboard and everything around it, running. */
export type Stack = {
  /** Where people come in. */
  readonly url: string;
  /** Every dashboard by itself. */
  readonly dashboards: readonly string[];
  /** Address of the simulated AWS; its control routes begin with `/_simulator`. */
  readonly simulator: string;
  /** Address of the OpenID provider. */
  readonly issuer: string;
  /** The database as the application signs in. */
  readonly databaseUrl: string;
  /** The same as the role that migrates; missing where the database was named from outside. */
  readonly superuserUrl?: string;
  /** Where data, logs and process numbers are. */
  readonly folder: string;
  stop(): Promise<void>;
};

export type StackOptions = {
  readonly folder: string;
  /** A free port where none is named. */
  readonly ports?: { readonly dashboard?: number; readonly simulator?: number; readonly oidc?: number };
  readonly replicas?: number;
  /** What settings are taken from; `process.env` where not said. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly dev?: boolean;
  readonly say?: (line: string) => void;
};

export function startStack(options: StackOptions): Promise<Stack>;
export function endLeftovers(folder: string, say?: (line: string) => void): Promise<void>;
export function forgetEverything(folder: string): Promise<void>;
export function releaseDatabase(folder: string, env: Readonly<Record<string, string | undefined>>): Promise<void>;
