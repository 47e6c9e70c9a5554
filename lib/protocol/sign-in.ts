import { z } from 'zod';
import { Role } from './role';
import { Name } from './text';

const Token = z.string().min(1).max(200);

/** `name` is for the very first person, who is otherwise called `admin`; everyone else has one. */
export const SignInByLink = z.strictObject({ token: Token, name: Name.optional() });
export type SignInByLink = z.infer<typeof SignInByLink>;

export const SignInByPassword = z.strictObject({ name: Name, password: z.string().min(1).max(128) });
export type SignInByPassword = z.infer<typeof SignInByPassword>;

const Base64Url = z
  .string()
  .max(100_000)
  .regex(/^[A-Za-z0-9_-]+$/, 'must be base64url');

const credential = {
  id: Base64Url,
  rawId: Base64Url,
  type: z.literal('public-key'),
  clientExtensionResults: z.looseObject({}).default({}),
};

/** `toJSON()` of what `navigator.credentials.get` gave (WebAuthn Level 3, AuthenticationResponseJSON). */
export const SignInByPasskey = z.strictObject({
  response: z.looseObject({
    ...credential,
    response: z.looseObject({
      clientDataJSON: Base64Url,
      authenticatorData: Base64Url,
      signature: Base64Url,
      userHandle: Base64Url.optional(),
    }),
  }),
});
export type SignInByPasskey = z.infer<typeof SignInByPasskey>;

const Transport = z.string().regex(/^[a-z-]{1,40}$/);

/** `toJSON()` of what `navigator.credentials.create` gave (WebAuthn Level 3, RegistrationResponseJSON). */
export const RegisterPasskey = z.strictObject({
  response: z.looseObject({
    ...credential,
    response: z.looseObject({
      clientDataJSON: Base64Url,
      attestationObject: Base64Url,
      transports: z.array(Transport).max(10).optional(),
    }),
  }),
  name: Name.optional(),
});
export type RegisterPasskey = z.infer<typeof RegisterPasskey>;

/** `name` is needed where the invitation has none. */
export const JoinByInvitation = z.strictObject({ token: Token, name: Name.optional() });
export type JoinByInvitation = z.infer<typeof JoinByInvitation>;

/**
 * What the sign-in page may offer. `passkey` is false where browsers refuse them: at an IP address, and without https
 * anywhere but localhost. `first`: nobody has signed in yet.
 */
export const SignInWays = z.object({ passkey: z.boolean(), first: z.boolean() });
export type SignInWays = z.infer<typeof SignInWays>;

/** What an invitation offers to the one who holds its link. */
export const InvitationOffer = z.object({ name: z.string().nullable(), role: Role });
export type InvitationOffer = z.infer<typeof InvitationOffer>;

export const AskInvitation = z.strictObject({ token: Token });
