type Settings = Readonly<Record<string, string | undefined>>;

export type StackOptions = {
  /** Where data, logs and process numbers are. */
  readonly folder: string;
  /** A free port where none is named. */
  readonly ports?: { readonly dashboard?: number; readonly simulator?: number; readonly oidc?: number };
  /** Most dashboards there will be at once; 1 where not said. */
  readonly replicas?: number;
  /** What settings are taken from; `process.env` where not said. */
  readonly env?: Settings;
  readonly say?: (line: string) => void;
};

/** A dashboard and everything around it, running. */
export type Stack = {
  /** Where people come in. */
  readonly url: string;
  /** Every dashboard by itself. */
  readonly dashboards: readonly string[];
  stop(): Promise<void>;
};

/** What a dashboard needs, running. */
export type Surroundings = {
  readonly folder: string;
  /** What settings are taken from. */
  readonly env: Settings;
  readonly ports: { readonly dashboard: number; readonly simulator: number; readonly oidc: number };
  /** Address of the simulated AWS; its control routes begin with `/_simulator`. */
  readonly simulator: string;
  /** Address of the OpenID provider. */
  readonly issuer: string;
  readonly database: {
    /** As a dashboard is told of it. */
    readonly env: { readonly DATABASE_URL: string; readonly MIGRATION_DATABASE_URL?: string };
    /** As the role that migrates; missing where the database was named from outside. */
    readonly superuserUrl?: string;
  };
  stop(): Promise<void>;
};

/** Dashboards behind one address. */
export type Dashboards = {
  readonly url: string;
  readonly urls: readonly string[];
  readonly pids: readonly number[];
  /** Where each logs, and from which byte on since this start. */
  readonly logs: readonly { readonly file: string; readonly from: number }[];
  /** Ends them in order, or at once where `graceMs` is 0. */
  stop(graceMs?: number): Promise<unknown>;
};

export function startStack(options: StackOptions & { readonly dev?: boolean }): Promise<Stack>;
export function startSurroundings(options: StackOptions): Promise<Surroundings>;
export function startDashboards(
  around: Surroundings,
  options: {
    /** Place of the first of them behind the base URL, where others run already; 0 where not said. */
    readonly first?: number;
    readonly replicas?: number;
    /** Another database than that of the surroundings. */
    readonly database?: { readonly DATABASE_URL: string; readonly MIGRATION_DATABASE_URL?: string };
    /** Added to the environment of the surroundings. */
    readonly settings?: Settings;
  },
): Promise<Dashboards>;
/** Ends what an earlier launcher of this folder left behind; nothing that anybody else started. */
export function endLeftovers(folder: string, say?: (line: string) => void): Promise<void>;
