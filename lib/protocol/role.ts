import { z } from 'zod';

/** Each role contains the one before it. */
export const roles = ['viewer', 'reviewer', 'operator', 'admin'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

/** Whether `role` may do what needs `needed`. */
export const roleContains = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);
