import { describe, expect, it } from 'vitest';
import { securityHeaders } from './headers';

const facts = { nonce: 'Tm9uY2U', baseUrl: 'https://rollback.example', formOrigins: ['https://id.example'] };

describe('the headers of every answer', () => {
  it('allow scripts with the nonce alone, and forms to us and to the provider', () => {
    expect(securityHeaders(facts)['Content-Security-Policy']).toBe(
      "default-src 'none'; script-src 'nonce-Tm9uY2U' 'strict-dynamic'; style-src 'self' 'nonce-Tm9uY2U'; " +
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
        "form-action 'self' https://id.example; base-uri 'none'; frame-ancestors 'none'; object-src 'none'",
    );
  });

  it('ask for https to be kept only where the dashboard is reached by https', () => {
    expect(securityHeaders(facts)['Strict-Transport-Security']).toBe('max-age=31536000');
    expect(securityHeaders({ ...facts, baseUrl: 'http://localhost:3000' })).not.toHaveProperty(
      'Strict-Transport-Security',
    );
  });

  it('forbid sniffing, framing, foreign openers and every device', () => {
    const headers = securityHeaders(facts);
    expect(headers['X-Content-Type-Options']).toBe('nosniff');
    expect(headers['Referrer-Policy']).toBe('same-origin');
    expect(headers['Cross-Origin-Opener-Policy']).toBe('same-origin');
    expect(headers['Cross-Origin-Resource-Policy']).toBe('same-origin');
    expect(headers['Permissions-Policy']?.split(', ').every((feature) => feature.endsWith('=()'))).toBe(true);
  });
});
