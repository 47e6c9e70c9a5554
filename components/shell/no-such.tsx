import { ApiError } from '@/lib/client/api';

/** Whether what was asked for is not there: also by an address that can be none. */
export const isNoSuch = (error: Error | null): boolean =>
  error instanceof ApiError && [400, 404].includes(error.status);

type NoSuchProps = {
  /** What there is none of: `conversation`. */
  what: string;
  /** The way on. */
  children: React.ReactNode;
};

/** In the place of what an address names and nobody knows. */
export const NoSuch = ({ what, children }: NoSuchProps) => (
  <div className="px-4 py-6">
    <p className="font-name text-talk">There is no such {what}.</p>
    <p className="mt-1 text-text-2">
      It may be gone, its address may be cut short, or it belongs to another installation.
    </p>
    <p className="mt-3">{children}</p>
  </div>
);
