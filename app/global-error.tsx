'use client';

import './globals.css';
import { PageFailed } from '@/components/shell/page-failed';

/** Even the frame broke: this stands in for it, with nothing around. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <main>
          <PageFailed error={error} onRetry={reset} />
        </main>
      </body>
    </html>
  );
}
