import Link from 'next/link';
import { classNames } from '@/components/ui/class-names';
import { pauseText } from '@/components/ui/duration-text';
import { HostileText } from '@/components/ui/hostile-text';
import { RelativeTime } from '@/components/ui/relative-time';
import type { Conversation } from '@/lib/protocol/conversation';
import type { TalkPoint } from '@/lib/protocol/talk-figures';

const SHOWN_MAX = 5;

type TalkPointsProps = {
  points: readonly TalkPoint[];
  targetMs: number;
  conversations: readonly Conversation[];
  /** What the list holds: `Alice to Bob, the newest`. */
  label: string;
};

/** Messages or answers, each leading to its place in its conversation. */
export const TalkPoints = ({ points, targetMs, conversations, label }: TalkPointsProps) => (
  <div className="rounded-control bg-sunken px-2.5 py-1.5">
    <p className="text-meta text-text-2">
      <HostileText text={label} wrap={false} ours />
    </p>
    <ul className="text-meta" aria-label={label}>
      {points.slice(0, SHOWN_MAX).map((point) => (
        <li key={point.entry} className="flex min-h-6 min-w-0 items-center gap-2 max-desk:min-h-11">
          <RelativeTime at={point.at} className="flex-none font-mono text-micro text-text-2" />
          <Link href={placeOf(point)} className="min-w-0 flex-1 truncate leading-6">
            <HostileText text={titleOf(point, conversations)} wrap={false} />
          </Link>
          {point.valueMs !== null && (
            <span className={classNames('flex-none font-mono text-micro', point.valueMs > targetMs && 'font-strong')}>
              {pauseText(point.valueMs)}
            </span>
          )}
        </li>
      ))}
    </ul>
  </div>
);

const titleOf = ({ conversationId, entry }: TalkPoint, conversations: readonly Conversation[]) =>
  conversations.find(({ id }) => id === conversationId)?.title ?? `#${entry}`;

/** Where it stands in its conversation, with these two side by side; the left one is the one that was there first. */
function placeOf({ conversationId, streamSeq, fromSeat, toSeat }: TalkPoint): string {
  const seats = [fromSeat, toSeat];
  const shown = seats
    .flatMap((seat) => seat ?? [])
    .toSorted()
    .join();
  const beside = seats.includes(null) || shown === 'a,b' ? '' : `&seats=${shown}`;
  return `/conversations/${conversationId}?at=${streamSeq}${beside}`;
}
