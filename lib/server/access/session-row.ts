import { Session } from '@/lib/protocol/person';

export const SESSION_COLUMNS = 'id, method, ip_address, user_agent, created_at, expires_at';
export type SessionRow = {
  id: string;
  method: string;
  ip_address: string | null;
  user_agent: string | null;
  created_at: Date;
  expires_at: Date;
};

/** `currentId` is the session that the request came in by. */
export const toSession = (row: SessionRow, currentId: string): Session =>
  Session.parse({
    id: row.id,
    method: row.method,
    address: row.ip_address ?? '',
    userAgent: row.user_agent ?? '',
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    current: row.id === currentId,
  });
