import type { Instrumentation } from 'next';

/**
 * Starts the application before the first request: configuration, database, the keeper of rollbacks under way. Everything
 * wrong with the start is printed, a line each, and the process ends.
 *
 * @see https://nextjs.org/docs/app/api-reference/file-conventions/instrumentation
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return;
  const { startApplication } = await import('@/lib/application');
  const started = await startApplication();
  if (!started.ok) {
    for (const mistake of started.error) process.stderr.write(`ecs-rollback: ${mistake}\n`);
    process.exit(1);
  }
  const { environment, log, stop } = started.value;
  // next-auth takes its own address from here alone, so that no header of a request can change it.
  process.env.NEXTAUTH_URL = environment.baseUrl;
  endInOrder(async () => {
    log('stop.begun');
    await stop();
    log('stop.done');
  });
}

/** Exit codes of a process ended by a signal, as shells count them. */
const SIGNALS = { SIGTERM: 143, SIGINT: 130 } as const;

/**
 * Ends the process only when presses under way have finished. The framework's own handlers would end it as soon as its
 * requests have; until `stop` resolves, requests are still answered, and say that the process is not ready.
 */
function endInOrder(stop: () => Promise<void>): void {
  let ending = false;
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.removeAllListeners(signal);
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      stop().then(
        () => process.exit(code),
        () => process.exit(1),
      );
    });
  }
}

/** Logs what a request failed with; people see the digest alone. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  const { application } = await import('@/lib/application');
  const digest = typeof error === 'object' && error !== null && 'digest' in error ? String(error.digest) : null;
  application().log('request.failed', { digest, method: request.method, route: context.routePath, error });
};
