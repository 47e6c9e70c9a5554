import type { Metadata } from 'next';
import { Mark } from '@/components/shell/mark';
import { buttonClass } from '@/components/ui/button-class';

export const metadata: Metadata = { title: 'Not here' };

export default function NotFound() {
  return (
    <main className="min-h-dvh px-4 py-6 desk:pt-[14dvh]">
      <div className="mx-auto w-full max-w-[400px]">
        <div className="mb-6 flex items-center gap-2.5 font-strong text-title tracking-[-0.01em]">
          <Mark />
          Parley
        </div>
        <h1 className="font-strong text-figure tracking-[-0.01em]">There is nothing at this address</h1>
        <p className="mt-1 mb-5 text-pretty text-talk text-text-2">
          It may have been deleted, or the link is not whole.
        </p>
        <a href="/" className={buttonClass('plain', 'tall')}>
          To the overview
        </a>
      </div>
    </main>
  );
}
