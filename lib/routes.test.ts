import { describe, expect, it } from 'vitest';
import { routes, serviceIn } from './routes';

const API = { target: 'production', cluster: 'notify', service: 'api' };

describe('an address', () => {
  it.each([
    routes.service(API, { show: 'ran' }),
    routes.revision(API, 'api:421'),
    routes.compare(API, { from: 'api:428', to: 'api:421' }),
    routes.plan(API, { to: 'api:421' }),
  ])('names its service: %s', (path) => {
    expect(serviceIn(path)).toEqual(API);
  });

  it('names names as they were, whatever letters they have', () => {
    const odd = { target: 'a b', cluster: 'c%/d', service: '?é' };
    expect(serviceIn(routes.service(odd))).toEqual(odd);
  });

  it.each(['/services', '/services/production', '/record', '/services/a/b/%E0%A4%A'])(
    'names no service: %s',
    (path) => {
      expect(serviceIn(path)).toBeNull();
    },
  );
});
