import { z } from 'zod';

/*
 * WebAuthn's JSON forms (https://www.w3.org/TR/webauthn-3/, §5.4 and §5.5), as far as the browser needs them; what else
 * the server gives is passed on.
 */
const Descriptor = z.looseObject({ id: z.string(), type: z.literal('public-key') });

export const CreationOptions = z.looseObject({
  challenge: z.string(),
  rp: z.looseObject({ name: z.string() }),
  user: z.looseObject({ id: z.string(), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.looseObject({ type: z.literal('public-key'), alg: z.number() })),
  excludeCredentials: z.array(Descriptor).optional(),
});

export const RequestOptions = z.looseObject({
  challenge: z.string(),
  allowCredentials: z.array(Descriptor).optional(),
});
