import Link from 'next/link';
import { NothingListed } from '@/components/ui/nothing-listed';
import type { Show } from './draft-filter';

type InboxEmptyProps = {
  show: Show;
  /** The filter leaves none over of those that there are. */
  any: boolean;
  onShowAll: () => void;
};

/** In the place of the list: that nothing is there, and what would be. */
export function InboxEmpty({ show, any, onShowAll }: InboxEmptyProps) {
  return (
    <NothingListed
      title={any ? 'None of the drafts is like that' : show === 'decided' ? 'Nothing was decided yet' : 'Nothing waits'}
      onShowAll={any ? onShowAll : undefined}
      action={<Link href="/conversations">Conversations</Link>}
    >
      {any && 'The filter leaves none over.'}
      {!any &&
        show === 'decided' &&
        'What is approved, edited, answered, rejected or ignored is listed here, and what ran out.'}
      {!any && show === 'waiting' && (
        <>
          Set a direction to review or hold at the head of a conversation’s channel: what one agent is about to say to
          the other parks here until somebody answers it. So does any call that waits for approval in Letta.
        </>
      )}
    </NothingListed>
  );
}
