import { ApiKey } from '@/lib/protocol/api-key';
import { automation } from '@/lib/protocol/person';

/** Keys with the names of their makers; conditions and order are appended. `$1` is the workspace. */
export const SELECT_KEYS = `
  SELECT k.id, k.name, k.role, k.audience, k.agent_ids, k.task_ids, k.person_id, p.name AS person_name,
         k.created_at, k.expires_at, k.last_used_at
  FROM api_key k LEFT JOIN person p ON p.workspace_id = k.workspace_id AND p.id = k.person_id
  WHERE k.workspace_id = $1`;

export type KeyRow = {
  id: string;
  name: string;
  role: string;
  audience: string;
  agent_ids: string[];
  task_ids: string[];
  person_id: string;
  person_name: string | null;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
};

export const toApiKey = (row: KeyRow): ApiKey =>
  ApiKey.parse({
    id: row.id,
    name: row.name,
    role: row.role,
    audience: row.audience,
    agentIds: row.agent_ids,
    taskIds: row.task_ids,
    person: { id: row.person_id, name: row.person_name ?? automation.name },
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  });
