import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { safeNext } from '@/components/sign-in/safe-next';
import { SignIn } from '@/components/sign-in/sign-in';
import { describeSignIn } from '@/lib/server/access/describe-sign-in';
import { runtime } from '@/lib/server/runtime';

export const metadata: Metadata = { title: 'Sign in', referrer: 'no-referrer' };

type Search = Partial<Record<'next' | 'token' | 'invitation', string | string[]>>;
const one = (value: string | string[] | undefined) => (typeof value === 'string' && value !== '' ? value : undefined);

/** Signing in by link, by invitation, or again. Who is signed in already goes on, unless they hold a link. */
export default async function SignInPage({ searchParams }: { searchParams: Promise<Search> }) {
  const search = await searchParams;
  const next = safeNext(one(search.next));
  const token = one(search.token);
  const invitation = one(search.invitation);
  const given = await headers();
  if (token === undefined && invitation === undefined) {
    // A request with `Authorization` is never redirected.
    if (!given.has('authorization') && (await runtime().access.callerOfRequest(given))) redirect(next);
  }
  const { first } = await describeSignIn(runtime(), given);
  return <SignIn token={token} invitation={invitation} next={next} first={first} />;
}
