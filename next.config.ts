import type { NextConfig } from 'next';

/**
 * Security headers and the nonce are set by the program itself, per request; what is here is about the build alone.
 * The database clients stay outside the bundle: they load native parts and must exist once in the process.
 */
const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  serverExternalPackages: ['pg', '@prisma/client', '@prisma/adapter-pg', 'graphile-worker', 'pino'],
  experimental: { preloadEntriesOnStart: false }, // a start does not wait for pages that nobody has asked for
  turbopack: { resolveAlias: { zod: { browser: './lib/client/browser-zod.ts' } } }, // its small edition, for pages
  typescript: { ignoreBuildErrors: true }, // `npm run check` types the whole tree, tests included, once
};

export default config;
