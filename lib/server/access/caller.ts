import type { Actor } from '@/lib/protocol/actor';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Role } from '@/lib/protocol/role';

/**
 * Who makes a request, and what they may do. Made in one place (access) from a session or a key and never from what a
 * client says; everything else is given one.
 */
export type Caller = {
  workspaceId: WorkspaceId;
  actor: Actor;
  role: Role;
  /** What the request came in by; revoking it closes the sockets that carry the same value. */
  credential: { kind: 'session' | 'key' | 'admin-key'; id: string };
  /** Set for an agent's key: it may do only what an agent does, for these agents and tasks. */
  agentScope: { agentIds: string[]; taskIds: string[] } | null;
};
