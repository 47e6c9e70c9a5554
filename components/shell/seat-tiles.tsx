import { HostileText } from '@/components/ui/hostile-text';
import { seatHue } from '@/components/ui/seat-hue';
import { Tile } from '@/components/ui/tile';
import { tileLettersAmong } from '@/components/ui/tile-letters';
import type { Conversation } from '@/lib/protocol/conversation';

const SHOWN_MAX = 3;

/** Who sits in a conversation, as tiles; a person in a seat replaces the square by their circle. */
export function SeatTiles({ seats }: { seats: Conversation['seats'] }) {
  const letters = tileLettersAmong(seats.map((seat) => seat.name));
  const beyond = seats.length - SHOWN_MAX;
  return (
    <span className="flex flex-none items-center gap-[3px]">
      <span className="sr-only">
        <HostileText text={seats.map((seat) => seat.holder?.name ?? seat.name).join(', ')} />
      </span>
      {seats
        .slice(0, SHOWN_MAX)
        .map((seat, index) =>
          seat.holder ? (
            <Tile key={seat.id} name={seat.holder.name} hue="human" />
          ) : (
            <Tile key={seat.id} name={seat.name} hue={seatHue(seat.id)} letters={letters[index] ?? ''} />
          ),
        )}
      {beyond > 0 && <span className="text-meta text-text-3">+{beyond}</span>}
    </span>
  );
}
