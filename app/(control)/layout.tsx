import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { RAIL_COOKIE } from '@/components/shell/rail-cookie';
import { Shell } from '@/components/shell/shell';
import { runtime } from '@/lib/server/runtime';

/** The pages behind the sign-in. Nobody signed in: off to sign in, and back here afterwards. */
export default async function ControlLayout({ children }: { children: React.ReactNode }) {
  const given = await headers();
  const caller = await runtime().access.callerOfRequest(given);
  if (!caller) redirect(`/sign-in?next=${encodeURIComponent(given.get('x-parley-path') ?? '/')}`);
  const rail = (await cookies()).get(RAIL_COOKIE)?.value;
  return (
    <Shell
      caller={{ id: caller.actor.id, name: caller.actor.name, role: caller.role }}
      railChoice={rail === 'open' || rail === 'closed' ? rail : null}
    >
      {children}
    </Shell>
  );
}
