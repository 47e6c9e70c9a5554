import Link from 'next/link';
import { ApiError } from '@/lib/client/api';

/** Whether what was asked for is not there: also by an address that can be none. */
export const isNoSuch = (error: Error | null): boolean =>
  error instanceof ApiError && [400, 404].includes(error.status);

/** In the place of what an address names and nobody knows, with the way to all of its kind. */
export const NoSuch = ({ what }: { what: 'agent' | 'conversation' | 'draft' | 'task' }) => (
  <div className="px-4 py-6">
    <p className="font-name text-talk">There is no such {what}.</p>
    <p className="mt-1 text-text-2">
      It may be gone, its address may be cut short, or it belongs to another installation.{' '}
      <Link href={`/${what}s`} className="underline">
        All {what}s
      </Link>
    </p>
  </div>
);
