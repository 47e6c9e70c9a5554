import { system } from '@/lib/protocol/actor';
import type { Caller } from '../access/caller';
import type { Runtime } from '../runtime';

/** For what happens in the walk-through without anybody's having asked for it: nobody is said to have done it. */
export const asParley = ({ workspaceId }: Pick<Runtime, 'workspaceId'>): Caller => ({
  workspaceId,
  actor: system,
  role: 'admin',
  credential: { kind: 'admin-key', id: 'parley' },
  agentScope: null,
});
