import { z } from 'zod';
import { decideExpireSeat } from '@/lib/domain/conversation/decide-takeover';
import { system } from '@/lib/protocol/actor';
import { ConversationId, SeatId } from '@/lib/protocol/ids';
import type { DeadlineHandler } from '../deadlines';
import type { Runtime } from '../runtime';
import { commitDecision } from './commit-decision';

const Subject = z.tuple([ConversationId, SeatId]);

/** The lease of a seat has run out: its agent goes on by itself. */
export const expireSeat =
  (rt: Runtime): DeadlineHandler =>
  async ({ workspaceId, subject, consumes }) => {
    const [conversationId, seat] = Subject.parse(subject.split('/'));
    await commitDecision(rt.ledger, {
      workspaceId,
      conversationId,
      actor: system,
      decide: (state, ids) => decideExpireSeat(state, seat, ids),
      consumes,
    });
  };
