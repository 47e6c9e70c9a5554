import { z } from 'zod';
import { PersonId } from './ids';
import { Role } from './role';
import { Name, Timestamp } from './text';

/** A place kept for someone. Gone once they have joined, when it is revoked, and when it expires after 7 days. */
export const Invitation = z.object({
  id: z.uuid(),
  name: z.string().nullable(),
  role: Role,
  invitedBy: z.object({ id: PersonId, name: z.string() }),
  createdAt: Timestamp,
  expiresAt: Timestamp,
});
export type Invitation = z.infer<typeof Invitation>;

/** What inviting answers: the only time that `link` is shown. Whoever opens it first joins. */
export const CreatedInvitation = Invitation.extend({ link: z.string() });
export type CreatedInvitation = z.infer<typeof CreatedInvitation>;

/** Without `name`, whoever joins gives one. */
export const CreateInvitation = z.strictObject({ name: Name.optional(), role: Role });
export type CreateInvitation = z.infer<typeof CreateInvitation>;
