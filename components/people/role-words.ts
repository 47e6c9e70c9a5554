import type { Role } from '@/lib/protocol/role';

/** What a role may do; each holds the one before it. */
export const roleWords: Record<Role, string> = {
  viewer: 'reads everything',
  reviewer: 'also answers drafts, takes seats and speaks',
  operator: 'also makes conversations, tasks and agents',
  admin: 'also sees to people, keys, servers and settings',
};
