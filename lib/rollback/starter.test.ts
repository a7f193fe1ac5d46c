import { describe, expect, it } from 'vitest';
import type { Application } from '@/lib/application';
import { createStarter } from './starter';

const unused = (): Application => {
  throw new Error('no rollback is started here');
};

/** A promise and what resolves it. */
function pending() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

describe('the end of a process', () => {
  it('comes at once where nothing is under way, and presses are refused from then on', async () => {
    const starter = createStarter(unused);
    expect(starter.closing()).toBe(false);
    const closed = starter.close();
    expect(starter.closing()).toBe(true);
    await closed;
  });

  it('waits for the press under way, and for what that press goes on to start', async () => {
    const starter = createStarter(unused);
    const [press, started] = [pending(), pending()];
    void starter.awaited(press.promise.then(() => void starter.awaited(started.promise)));
    let ended = false;
    const closed = starter.close().then(() => {
      ended = true;
    });
    press.resolve();
    await press.promise;
    await new Promise(setImmediate);
    expect(ended).toBe(false);
    started.resolve();
    await closed;
  });

  it('waits no longer for a press that failed, whose failure is still its own', async () => {
    const starter = createStarter(unused);
    const press = starter.awaited(Promise.reject(new Error('no database')));
    await expect(press).rejects.toThrow('no database');
    await starter.close();
  });
});
