import { describe, expect, it } from 'vitest';
import { together } from './running';

const one = (id: string, service: string, groupId: string | null = null) => ({
  id,
  groupId,
  service,
  target: 'production',
  createdAt: 1_000,
  by: { issuer: 'https://id.example', subject: '1', name: 'k.smith', email: null },
});

describe('Rollbacks that are running', () => {
  it('stand each on its own, with its own page', () => {
    const told = together([one('rb-1', 'api'), one('rb-2', 'admin')]);
    expect(told.map(({ href, services }) => [href, services])).toEqual([
      ['/rollbacks/rb-1', ['api']],
      ['/rollbacks/rb-2', ['admin']],
    ]);
  });

  it('stand together where one press started them, with the page of the group', () => {
    const told = together([one('rb-1', 'api', 'gr-1'), one('rb-2', 'admin'), one('rb-3', 'worker', 'gr-1')]);
    expect(told.map(({ href, services }) => [href, services])).toEqual([
      ['/group-rollbacks/gr-1', ['api', 'worker']],
      ['/rollbacks/rb-2', ['admin']],
    ]);
  });

  it('lead to the last of a group by itself', () => {
    expect(together([one('rb-3', 'worker', 'gr-1')])).toMatchObject([
      { href: '/rollbacks/rb-3', services: ['worker'] },
    ]);
  });
});
