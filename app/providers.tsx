'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ThemeProvider } from 'next-themes';
import { useEffect, useLayoutEffect, useState } from 'react';
import '@/components/shell/page-failed'; // here once, instead of with each of the three error boundaries
import { AWAKE, TAKEN_OVER } from '@/components/ui/keep-early-presses';
import { Toaster } from '@/components/ui/toast';
import { ApiError } from '@/lib/client/api';
import { StyleNonce } from './style-nonce';

/** What may pass by itself: no answer, or a server that says it cannot just now. A refusal stays one. */
const mayPass = (error: Error) => !(error instanceof ApiError) || error.status === 0 || error.status >= 502;

const newQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        retry: (failures, error) => failures < 2 && mayPass(error),
        networkMode: 'always', // Parley may run on this very machine, without any network
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });

export function Providers({ nonce, children }: { nonce: string | undefined; children: React.ReactNode }) {
  const [queryClient] = useState(newQueryClient);
  useLayoutEffect(() => void window.dispatchEvent(new Event(TAKEN_OVER)), []);
  useEffect(() => void window.dispatchEvent(new Event(AWAKE)), []);
  return (
    <QueryClientProvider client={queryClient}>
      <ThemeProvider attribute="data-theme" enableColorScheme={false} {...(nonce === undefined ? {} : { nonce })}>
        <StyleNonce nonce={nonce} />
        {children}
        <Toaster />
      </ThemeProvider>
    </QueryClientProvider>
  );
}
