import type { SeatId } from '@/lib/protocol/ids';
import type { SettleQuarantine } from '@/lib/protocol/seat';
import { api } from './api';
import { conversationQuery } from './conversation-queries';
import { useWrite } from './use-write';

const takeoverPath = (conversationId: string, seat: SeatId) =>
  `/api/conversations/${conversationId}/seats/${seat}/takeover`;

/** Sits down in an agent's place for `leaseSeconds`, or stays there as long from now on. */
export const useTakeSeat = (conversationId: string) =>
  useWrite(
    ({ seat, leaseSeconds }: { seat: SeatId; leaseSeconds: number }, idempotencyKey) =>
      api({
        method: 'POST',
        path: takeoverPath(conversationId, seat),
        body: { leaseSeconds },
        answer: { later: (all) => all.Conversation },
        idempotencyKey,
      }),
    [conversationQuery(conversationId).queryKey],
  );

/** Gives a seat back to its agent, which is told the summary. */
export const useHandBackSeat = (conversationId: string) =>
  useWrite(
    ({ seat, ...body }: { seat: SeatId; summary?: string }, idempotencyKey) =>
      api({
        method: 'DELETE',
        path: takeoverPath(conversationId, seat),
        body,
        answer: { later: (all) => all.Conversation },
        idempotencyKey,
      }),
    [conversationQuery(conversationId).queryKey],
  );

/** Offers as a draft, or drops, what the agent of a held seat wrote; `entryId` is that of output.quarantined. */
export const useSettleQuarantine = (conversationId: string) =>
  useWrite(({ entryId, ...body }: SettleQuarantine & { entryId: string }, idempotencyKey) =>
    api({
      method: 'POST',
      path: `/api/conversations/${conversationId}/quarantine/${entryId}`,
      body,
      answer: { later: (all) => all.Appended },
      idempotencyKey,
    }),
  );
