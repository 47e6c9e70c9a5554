import { streamSeqOf } from '@/lib/domain/transcript/read-entry';
import type { Row } from '@/lib/domain/transcript/row';
import type { SeatId } from '@/lib/protocol/ids';

/** Address that leads to a row with these seats side by side; `base` is where the page was loaded from. */
export function rowLink(
  base: string,
  conversationId: string,
  row: Pick<Row, 'place'>,
  shown: readonly SeatId[],
): string {
  const url = new URL(`/conversations/${conversationId}`, base);
  url.searchParams.set('at', String(streamSeqOf(row.place)));
  if (shown.join() !== 'a,b') url.searchParams.set('seats', shown.join());
  return url.href;
}
