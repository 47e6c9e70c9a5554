import { z } from 'zod';
import { Agent, Model } from '@/lib/protocol/agent';
import { Conversation, Edge, Interrupted } from '@/lib/protocol/conversation';
import { Draft } from '@/lib/protocol/draft';
import { ErrorBody } from '@/lib/protocol/errors';
import { Health } from '@/lib/protocol/health';
import { LettaServer } from '@/lib/protocol/letta-server';
import { pageOf } from '@/lib/protocol/page';
import { WireEntry } from '@/lib/protocol/wire-entry';

/** Schemas of the answers to what every page asks, and a conversation. Loaded by load-schemas.ts. */
export const answerSchemas = {
  Agent,
  Conversation,
  Draft,
  Edge,
  ErrorBody,
  Health,
  Interrupted,
  LettaServer,
  Model,
  WireEntry,
  pageOf,
  /** What was appended by a command that answers with it. */
  Appended: z.object({ entries: z.array(WireEntry) }),
  Anything: z.unknown(),
};
