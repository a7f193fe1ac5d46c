/**
 * Resolves with the first signal that asks this process to end; `received` says whether one came. From then
 * on nobody has to read what we print.
 */
export function untilSignal() {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const signal = new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(name, () => {
        signal.received = true;
        resolve(name);
      });
    }
  });
  signal.received = false;
  return signal;
}
