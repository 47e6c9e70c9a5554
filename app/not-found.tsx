import type { Metadata } from 'next';
import Link from 'next/link';

export const metadata: Metadata = { title: 'Not here' };

export default function NotFound() {
  return (
    <main className="max-w-[640px] px-4 py-6">
      <h1 className="font-strong text-title">There is nothing at this address</h1>
      <p className="mt-1 text-talk text-text-2">
        It may have been deleted, or the link is not whole. <Link href="/">To the overview</Link>
      </p>
    </main>
  );
}
