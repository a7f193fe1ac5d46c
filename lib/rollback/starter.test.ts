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

describe('presses of one service', () => {
  it('are decided one after the other, those of others beside them', async () => {
    const starter = createStarter(unused);
    const [one, two] = [pending(), pending()];
    const said: string[] = [];
    const decide = (name: string, waitsFor: Promise<void>) => async (): Promise<void> => {
      said.push(`${name} begins`);
      await waitsFor;
      said.push(`${name} ends`);
    };
    const presses = [
      starter.oneByOne('api', decide('first', one.promise)),
      starter.oneByOne('api', decide('second', two.promise)),
      starter.oneByOne('api', decide('third', Promise.resolve())),
      starter.oneByOne('admin', decide('other', Promise.resolve())),
    ];
    await presses[3];
    expect(said).toEqual(['first begins', 'other begins', 'other ends']);
    one.resolve();
    await presses[0];
    await new Promise(setImmediate);
    expect(said.slice(3)).toEqual(['first ends', 'second begins']);
    two.resolve();
    await Promise.all(presses);
    expect(said.slice(5)).toEqual(['second ends', 'third begins', 'third ends']);
  });

  it('go on where the one before failed, and each has its own answer', async () => {
    const starter = createStarter(unused);
    const [failed, answered] = await Promise.allSettled([
      starter.oneByOne('api', () => Promise.reject(new Error('no database'))),
      starter.oneByOne('api', () => Promise.resolve('busy')),
    ]);
    expect(failed).toMatchObject({ status: 'rejected', reason: { message: 'no database' } });
    expect(answered).toEqual({ status: 'fulfilled', value: 'busy' });
  });
});
