/** What the reference says of one variable, and a value somebody might write. */
export type Variable = {
  readonly meaning: string;
  readonly example: string;
  /** What counts where it is not set; left out where the start is refused then. */
  readonly fallback?: string;
};

/** Every variable the process reads; another one is read nowhere. */
export const VARIABLES = {
  ECS_ROLLBACK_CONFIG: {
    meaning: 'Path of the configuration file.',
    example: '/etc/ecs-rollback/ecs-rollback.yaml',
    fallback:
      '`ecs-rollback.yaml` in the working folder; without that file one target of the ambient credentials and `AWS_REGION`',
  },
  ECS_ROLLBACK_URL: {
    meaning: 'Address people open: https, or http on this machine alone. Without a path.',
    example: 'https://rollback.example.org',
  },
  ECS_ROLLBACK_SECRET: {
    meaning:
      'At least 32 random bytes, the same in every process; `openssl rand -base64 32` makes them. Every key of the tool is derived from it. Changing it signs everybody out and makes open plans be drawn again.',
    example: '(openssl rand -base64 32)',
  },
  DATABASE_URL: {
    meaning:
      'PostgreSQL 15 or newer, as the role of the application. `/`, `#` and `@` in a password are written `%2F`, `%23` and `%40`.',
    example: 'postgres://ecs_rollback:PASSWORD@db.example.org:5432/ecs_rollback',
  },
  MIGRATION_DATABASE_URL: {
    meaning:
      'The same database as the role that owns its tables. With a role of its own the application cannot change what the record says.',
    example: 'postgres://ecs_rollback_owner:PASSWORD@db.example.org:5432/ecs_rollback',
    fallback: '`DATABASE_URL`',
  },
  OIDC_ISSUER: {
    meaning: 'The OpenID provider, exactly as its tokens name it, slash and all.',
    example: 'https://login.example.org/realms/example',
  },
  OIDC_CLIENT_ID: { meaning: 'This tool’s client at the provider.', example: 'ecs-rollback' },
  OIDC_CLIENT_SECRET: { meaning: 'Its secret.', example: '(from the provider)' },
  PORT: { meaning: 'Port to listen on.', example: '3000', fallback: '3000' },
  HOSTNAME: { meaning: 'Address to listen on.', example: '0.0.0.0', fallback: '0.0.0.0' },
  LOG_LEVEL: {
    meaning: '`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`.',
    example: 'info',
    fallback: 'info',
  },
  SESSION_MAX_SECONDS: {
    meaning: 'Sign-in to forced sign-out. May only be lowered.',
    example: '28800',
    fallback: '28800 (8 h)',
  },
  SESSION_IDLE_SECONDS: {
    meaning: 'Last use to sign-out. May only be lowered.',
    example: '1800',
    fallback: '1800 (30 min)',
  },
  AWS_REGION: {
    meaning: 'Region of the one target that stands where there is no configuration file.',
    example: 'eu-west-1',
    fallback: '`AWS_DEFAULT_REGION`',
  },
  AWS_DEFAULT_REGION: { meaning: 'The same, where `AWS_REGION` is not set.', example: 'eu-west-1', fallback: 'none' },
  NEXTAUTH_URL: {
    meaning: 'Best not set: if it is, it must be `ECS_ROLLBACK_URL`.',
    example: 'https://rollback.example.org',
    fallback: '`ECS_ROLLBACK_URL`',
  },
} as const satisfies Record<string, Variable>;

/** A variable the process reads. */
export type VariableName = keyof typeof VARIABLES;
