import { z } from 'zod';
import { PersonId } from './ids';
import { Role } from './role';
import { Name, Timestamp } from './text';

/** Someone who may come in. `name` is unique in the workspace, whatever its case, and is what one signs in with. */
export const Person = z.object({ id: PersonId, name: z.string(), role: Role, createdAt: Timestamp });
export type Person = z.infer<typeof Person>;

/** Who PARLEY_ADMIN_KEY acts as. Not in the list of people: it cannot sign in, be changed or be removed. */
export const automation = { id: PersonId.parse('automation'), name: 'automation' };

export const ChangePerson = z
  .strictObject({ name: Name.optional(), role: Role.optional() })
  .refine((change) => Object.keys(change).length > 0, 'nothing to change: give name or role');
export type ChangePerson = z.infer<typeof ChangePerson>;

/** `role` is what this request may do: a key may be allowed less than the person it acts as. */
export const Me = z.object({ person: Person, role: Role, needsCredential: z.boolean() });
export type Me = z.infer<typeof Me>;

export const ChangeMe = z.strictObject({ name: Name });
export type ChangeMe = z.infer<typeof ChangeMe>;

export const Password = z
  .string()
  .min(10, 'at least 10 characters')
  .max(128, 'at most 128 characters')
  .refine((text) => !text.includes('\u0000'), 'must not contain U+0000');

/** `currentPassword` is needed where there is one, unless this session was opened by a sign-in link within the hour. */
export const SetPassword = z.strictObject({ password: Password, currentPassword: z.string().max(128).optional() });
export type SetPassword = z.infer<typeof SetPassword>;

/** A browser that is signed in. `address` and `userAgent` are what it came with. */
export const Session = z.object({
  id: z.string(),
  method: z.enum(['link', 'invitation', 'password', 'passkey']),
  address: z.string(),
  userAgent: z.string(),
  createdAt: Timestamp,
  expiresAt: Timestamp,
  current: z.boolean(),
});
export type Session = z.infer<typeof Session>;
export type SignInMethod = Session['method'];

/** A key pair in a person's device that signs in. */
export const Passkey = z.object({ id: z.string(), name: z.string(), createdAt: Timestamp });
export type Passkey = z.infer<typeof Passkey>;
