import type { Pool } from 'pg';
import type { Clock } from '@/lib/server/clock';
import type { Log } from '@/lib/server/log';
import type { LettaMessage } from './letta-message';
import type { Pace } from './pace';

/** The version that the sandbox speaks for, with a mark that tells it from the real one. */
export const LETTA_VERSION = '0.16.8+sandbox';

/** What every part of the sandbox is given. */
export type Sandbox = {
  pool: Pool;
  workspaceId: string;
  clock: Clock;
  pace: Pace;
  log: Pick<Log, 'info' | 'warn' | 'error'>;
  /** Address under which this instance is reached. */
  url: string;
  /** Aborted when this instance stops: its turns end at once and leave nothing, as those of a killed server. */
  stopping: AbortSignal;
  /** Has an agent hear a system message, and resolves with what it answered when its turn has ended. */
  deliver: (agentId: string, text: string) => Promise<LettaMessage[]>;
  /** Requests and turns under way in this instance; stopping waits for them. */
  work: Set<Promise<void>>;
};
