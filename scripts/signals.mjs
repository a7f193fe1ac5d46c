/** Resolves with the first signal that asks this process to end; `received` says whether one came. */
export function untilSignal() {
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
