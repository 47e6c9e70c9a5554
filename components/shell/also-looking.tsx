import { HostileText } from '@/components/ui/hostile-text';
import { Tile } from '@/components/ui/tile';
import type { Draft } from '@/lib/protocol/draft';
import { alsoLookingText } from './verdict-words';

/** Who else has the draft open now; nothing where nobody has. */
export function AlsoLooking({ others, className = '' }: { others: Draft['viewers']; className?: string }) {
  return (
    <p role="status" className={`flex min-w-0 items-center gap-2 text-meta text-text-2 empty:hidden ${className}`}>
      {others.length > 0 && (
        <>
          <span className="flex flex-none gap-0.5">
            {others.slice(0, 3).map(({ personId, name }) => (
              <Tile key={personId} name={name} hue="human" size="small" />
            ))}
          </span>
          <span className="min-w-0">
            <HostileText text={alsoLookingText(others)} />
          </span>
        </>
      )}
    </p>
  );
}
