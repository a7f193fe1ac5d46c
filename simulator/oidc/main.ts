import { startProvider } from './start';

const { env } = process;

const portText = env.OIDC_PORT || '4400';
const redirectUris = env.OIDC_REDIRECT_URIS || 'http://localhost:3000/api/auth/callback/oidc';

async function main(): Promise<void> {
  if (!/^\d{1,5}$/.test(portText) || Number(portText) > 65_535) {
    throw new Error(`OIDC_PORT must be a whole number from 0 to 65535, not "${portText}".`);
  }
  const provider = await startProvider({
    port: Number(portText),
    client: {
      id: env.OIDC_CLIENT_ID || 'ecs-rollback',
      secret: env.OIDC_CLIENT_SECRET || 'not-a-secret-outside-the-demo',
      redirectUris: redirectUris.split(/[\s,]+/).filter(Boolean),
    },
    storeFile: env.OIDC_STORE || undefined,
  });
  console.log(`OpenID provider: ${provider.issuer}`);
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    void provider.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', end).on('SIGINT', end);
}

main().catch((error: unknown) => {
  console.error(lineFor(error));
  process.exit(1);
});

function lineFor(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') return `Port ${portText} is taken. Set OIDC_PORT to a free one.`;
  return error.message;
}
