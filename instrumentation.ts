import type { Instrumentation } from 'next';

/**
 * Starts the application before the first request, or ends the process saying why not.
 *
 * The framework also compiles this file for a runtime that has no processes; the conditions keep ours out of it.
 *
 * @see https://nextjs.org/docs/app/api-reference/file-conventions/instrumentation
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { startProcess } = await import('./instrumentation-node');
    await startProcess();
  }
}

/** Logs what a request failed with; people see the digest alone. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const digest = typeof error === 'object' && error !== null && 'digest' in error ? String(error.digest) : null;
    const { rememberDigest } = await import('@/lib/answers');
    rememberDigest(digest);
    const { application } = await import('@/lib/application');
    application().log('request.failed', { digest, method: request.method, route: context.routePath, error });
  }
};
