import './globals.css';
import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { FocusAfterNavigation } from '@/components/ui/focus-after-navigation';
import { preferencesIn, THEME_COOKIE } from '@/lib/domain/preference';

// A nonce stands in every page and the colours in a cookie: none can be built beforehand.
export const dynamic = 'force-dynamic';

export const metadata: Metadata = { robots: { index: false, follow: false }, formatDetection: { telephone: false } };

export const viewport: Viewport = { width: 'device-width', initialScale: 1 };

/** What every page stands in: language, fonts, and the colours this browser chose. */
export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const { theme } = preferencesIn((await cookies()).get(THEME_COOKIE)?.value, undefined);
  return (
    <html
      lang="en-GB"
      data-theme={theme === 'system' ? undefined : theme}
      className={`${GeistSans.variable} ${GeistMono.variable}`}
    >
      <body className="flex flex-col">
        {children}
        <FocusAfterNavigation />
      </body>
    </html>
  );
}
