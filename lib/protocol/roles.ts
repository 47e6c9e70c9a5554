/** Each role contains the one before it. Without a schema, for pages; role.ts has that. */
export const roles = ['viewer', 'reviewer', 'operator', 'admin'] as const;

/** Whether `role` may do what needs `needed`. */
export const roleContains = (role: (typeof roles)[number], needed: (typeof roles)[number]): boolean =>
  roles.indexOf(role) >= roles.indexOf(needed);
