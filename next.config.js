/** The image optimiser, which is off. */
const NEVER_RUN = ['**/node_modules/sharp/**/*', '**/node_modules/@img/**/*'];

/** @type {import('next').NextConfig} */
const config = {
  // One folder that runs with `node server.js`; the demo and the container start the same thing.
  output: 'standalone',
  // The checkout is the root even where a folder above it holds another lockfile.
  outputFileTracingRoot: import.meta.dirname,
  // Migrations are read from disk at start; nothing imports them.
  outputFileTracingIncludes: { '/*': ['./lib/db/migrations/**/*'] },
  // Half of the build's size; traces of the server and of each route would bring it along.
  outputFileTracingExcludes: { 'next-server': NEVER_RUN, '/**': NEVER_RUN },
  // Native or worker-based packages stay outside the bundle.
  serverExternalPackages: ['pino', 'pg'],
  // Our own links are checked as types.
  typedRoutes: true,
  // `npm run types` does it, once, and for the tests and scripts as well.
  typescript: { ignoreBuildErrors: true },
  // Says nothing about what runs here.
  poweredByHeader: false,
  // As much as a form of ours ever holds; the proxy says so first.
  experimental: { serverActions: { bodySizeLimit: '64kb' } },
  // No optimiser: it would fetch for whoever asks.
  images: { unoptimized: true },
  // Sources of the server never reach a browser.
  productionBrowserSourceMaps: false,
  // Development is opened by name, not by address.
  devIndicators: false,
  turbopack: { root: import.meta.dirname },
};

export default config;
