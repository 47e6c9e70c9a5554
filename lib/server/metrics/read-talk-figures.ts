import { talkFigures } from '@/lib/domain/conversation/talk-figures';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { TalkFigures, TalkQuery } from '@/lib/protocol/talk-figures';
import type { Queryable } from '../ledger/command';
import { readTalkSamples } from './read-talk-samples';

/** Who talks to whom, and how long each takes to answer, in the time asked for. */
export const readTalkFigures = async (
  db: Queryable,
  workspaceId: WorkspaceId,
  query: TalkQuery,
): Promise<TalkFigures> => talkFigures(await readTalkSamples(db, workspaceId, query));
