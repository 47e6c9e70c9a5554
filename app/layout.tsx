import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import '@fontsource-variable/geist';
import '@fontsource-variable/geist-mono';
import './globals.css';
import { EarlyPresses } from './early-presses';
import { Providers } from './providers';

export const metadata: Metadata = {
  title: { template: '%s · Parley', default: 'Parley' },
  description: 'A control room for agents that talk to each other',
  icons: { icon: '/icon.svg' },
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  colorScheme: 'light dark',
  // What is written stays above the keys of a phone: the page becomes shorter, not covered.
  interactiveWidget: 'resizes-content',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f3f5f5' },
    { media: '(prefers-color-scheme: dark)', color: '#101414' },
  ],
};

/** The nonce of this one request: inline scripts and styles without it do not run. */
export default async function RootLayout({ children }: { children: React.ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return (
    <html lang="en" suppressHydrationWarning>
      <body>
        <EarlyPresses nonce={nonce} />
        <Providers nonce={nonce}>{children}</Providers>
      </body>
    </html>
  );
}
