/** What the headers of one answer depend on. */
export type HeaderFacts = {
  /** Fresh for every answer; the framework puts it on its own scripts. */
  readonly nonce: string;
  readonly baseUrl: string;
  /** Origins a form may lead to beside our own: where sign-in goes on. */
  readonly formOrigins: readonly string[];
  /** React evaluates text to show server stacks while developing, and only then. */
  readonly developing?: boolean;
};

const FEATURES_OFF = [
  'accelerometer',
  'autoplay',
  'camera',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'publickey-credentials-get',
  'screen-wake-lock',
  'usb',
  'xr-spatial-tracking',
];

/** The policy a page runs under: its own files, scripts with this answer's nonce, nothing else. */
export function contentSecurityPolicy({ nonce, formOrigins, developing = false }: HeaderFacts): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${developing ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    ['form-action', "'self'", ...formOrigins].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}

/**
 * Headers of every answer but `Cache-Control`, by name.
 *
 * `Strict-Transport-Security` is there only where the dashboard is reached by https: on loopback it would lock a name
 * other programs use too.
 */
export function securityHeaders(facts: HeaderFacts): Readonly<Record<string, string>> {
  const https = new URL(facts.baseUrl).protocol === 'https:';
  return {
    'Content-Security-Policy': contentSecurityPolicy(facts),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': FEATURES_OFF.map((feature) => `${feature}=()`).join(', '),
    ...(https ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
  };
}

/** Headers of answers programs read; nobody keeps a copy. */
export const JSON_HEADERS = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' } as const;
