import { keepAnswers } from '@/lib/answers';
import { startApplication } from '@/lib/application';

/**
 * Configuration, database, the keeper of rollbacks under way. Everything wrong with the start is printed, a line each,
 * and the process ends.
 */
export async function startProcess(): Promise<void> {
  keepAnswers();
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
