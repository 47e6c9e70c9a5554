import type { Metadata } from 'next';
import { Inbox } from '@/components/drafts/inbox';

export const metadata: Metadata = { title: 'Drafts' };

/** One inbox for `/drafts` and `/drafts/:draftId`: going from draft to draft leaves the list as it stands. */
export default function DraftsLayout({ children }: { children: React.ReactNode }) {
  return (
    <>
      <Inbox />
      {children}
    </>
  );
}
