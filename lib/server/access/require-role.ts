import { AppError } from '@/lib/protocol/errors';
import type { Role } from '@/lib/protocol/role';
import { roleContains } from '@/lib/protocol/roles';
import type { Caller } from './caller';

/**
 * The caller, if they may do what needs `role`. `agents`: an agent's key may come in too, whatever the role.
 * @throws AppError `auth.required`, `auth.forbidden`
 */
export function requireRole(caller: Caller | null, { role, agents = false }: { role: Role; agents?: boolean }): Caller {
  if (!caller) throw new AppError('auth.required', 'Sign in, or send Authorization: Bearer <key>.');
  if (caller.agentScope) {
    if (agents) return caller;
    throw new AppError('auth.forbidden', 'An agent’s key can do only what an agent does.');
  }
  if (!roleContains(caller.role, role)) throw new AppError('auth.forbidden', `This needs the role ${role}.`);
  return caller;
}
