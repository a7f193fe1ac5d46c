import type { Target } from '@/lib/domain/target';
import type { Environment } from './environment';
import type { Configuration } from './targets';

/** What the process was told and what it made of it, for the log of its start: every setting, and of secrets only whether they are there. */
export function resolved(environment: Environment, configuration: Configuration): Readonly<Record<string, unknown>> {
  const { secret: _, oidc, databaseUrl, migrationDatabaseUrl, ...process } = environment;
  const { targets, holdTokens, ...organisation } = configuration;
  return {
    ...process,
    database: withoutPassword(databaseUrl),
    migratesAs: new URL(migrationDatabaseUrl).username,
    issuer: oidc.issuer,
    clientId: oidc.clientId,
    ...organisation,
    holdTokens: holdTokens.map(({ target, name }) => `${name} of ${target}`),
    targets: targets.map(shown),
  };
}

const shown = ({ externalId, services, ...target }: Target): object => ({
  ...target,
  externalId: externalId === null ? 'none' : 'set',
  services: services.map(({ pattern }) => pattern),
});

/** Role, host and name; parameters of a connection string may hold a password too. */
function withoutPassword(text: string): string {
  const { username, host, pathname } = new URL(text);
  return `postgres://${username}@${host}${pathname}`;
}
