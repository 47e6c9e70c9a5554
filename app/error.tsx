'use client';

import { PageFailed } from '@/components/shell/page-failed';

export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return <PageFailed error={error} onRetry={reset} />;
}
