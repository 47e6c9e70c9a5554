'use client';

import { createContext, useContext } from 'react';
import type { Role } from '@/lib/protocol/role';
import { roleContains } from '@/lib/protocol/roles';

/** The person who is signed in, as far as a page needs to know. */
export type SignedIn = { id: string; name: string; role: Role };

const CallerContext = createContext<SignedIn | null>(null);

export const CallerProvider = ({ caller, children }: { caller: SignedIn; children: React.ReactNode }) => (
  <CallerContext value={caller}>{children}</CallerContext>
);

/** Who is signed in. Throws outside of the pages behind the sign-in. */
export function useCaller(): SignedIn {
  const caller = useContext(CallerContext);
  if (!caller) throw new Error('useCaller outside of CallerProvider');
  return caller;
}

/** Whether the person may do what needs `role`. For what a screen offers only: the server decides. */
export const useMay = (role: Role): boolean => roleContains(useCaller().role, role);
