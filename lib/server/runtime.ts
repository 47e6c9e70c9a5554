import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Access } from './access/access';
import type { Clock } from './clock';
import type { FirstWords } from './conversations/first-words';
import type { Database } from './database/database';
import type { Env } from './env';
import type { Failpoint } from './failpoint';
import type { Hub } from './hub';
import type { Jobs } from './jobs';
import type { Checkpoints } from './ledger/checkpoints';
import type { Ledger } from './ledger/ledger';
import type { Workspace } from './ledger/open-workspace';
import type { LettaServers } from './letta/letta-servers';
import type { DraftViewers } from './live/draft-viewers';
import type { Log } from './log';
import type { KnownTasks } from './tasks/known-tasks';

/** What the process may own only one of. server.ts puts; everyone else gets, inside handlers. */
export type Runtime = {
  env: Env;
  /** Where the program answers, without a trailing slash: PARLEY_URL, or the address as bound. */
  url: string;
  /** Where it answers on this machine itself: agents of ours speak to it there. */
  loopbackUrl: string;
  log: Log;
  clock: Clock;
  failpoint: Failpoint;
  instanceId: string;
  /** The one workspace of this installation. A request's workspace comes from its caller. */
  workspaceId: WorkspaceId;
  database: Database;
  workspace: Workspace;
  ledger: Ledger;
  checkpoints: Checkpoints;
  hub: Hub;
  draftViewers: DraftViewers;
  jobs: Jobs;
  access: Access;
  letta: LettaServers;
  firstWords: FirstWords;
  knownTasks: KnownTasks;
  /** Aborted when the program begins to stop: answers that would last as long as they are listened to end then. */
  stopping: AbortSignal;
};

const SLOT = Symbol.for('parley.runtime'); // Next bundles this file again: share by key, never by import
const host: typeof globalThis & { [SLOT]?: Runtime } = globalThis;

/** The answer takes it away again: for a process in which another one follows. */
export function putRuntime(runtime: Runtime): () => void {
  if (host[SLOT]) throw new Error('The runtime was put already.');
  host[SLOT] = runtime;
  return () => {
    delete host[SLOT];
  };
}

/** Throws before server.ts has put it: a page rendered outside the program must not seem to work. */
export function runtime(): Runtime {
  const found = host[SLOT];
  if (!found) throw new Error('No runtime: start Parley with `npm start` or `npm run dev`, not with `next`.');
  return found;
}
