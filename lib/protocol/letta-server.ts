import { z } from 'zod';
import { ServerName } from './ids';
import { Timestamp } from './text';

/** `rest`: Letta Cloud and servers of its V1 shape. `app-server`: today's self-hosted Letta, over a WebSocket. */
export const LettaDialect = z.enum(['rest', 'app-server']);
export type LettaDialect = z.infer<typeof LettaDialect>;

/** `refused`: reached, but it does not let us in. */
export const LettaState = z.enum(['connecting', 'connected', 'lost', 'refused']);
export type LettaState = z.infer<typeof LettaState>;

/**
 * A connected Letta server. Its token is never given out, only whether there is one. `reason` says what came back when
 * it is not connected; `origin` who named it: the environment (then it is changed there), a person, or Parley itself.
 */
export const LettaServer = z.object({
  name: ServerName,
  dialect: LettaDialect,
  url: z.string(),
  origin: z.enum(['environment', 'person', 'sandbox']),
  sandbox: z.boolean(),
  hasToken: z.boolean(),
  state: LettaState,
  version: z.string().nullable(),
  reason: z.string().nullable(),
  since: Timestamp,
});
export type LettaServer = z.infer<typeof LettaServer>;

const protocols: Record<LettaDialect, { allowed: string[]; words: string }> = {
  rest: { allowed: ['http:', 'https:'], words: 'an http or https address, such as https://api.letta.com' },
  'app-server': {
    allowed: ['ws:', 'wss:', 'http:', 'https:'],
    words: 'a ws or wss address, such as ws://127.0.0.1:4500/ws',
  },
};

const hasProtocol = (url: string, allowed: string[]) => URL.canParse(url) && allowed.includes(new URL(url).protocol);

const hasPassword = (url: string) => URL.canParse(url) && `${new URL(url).username}${new URL(url).password}` !== '';

const Address = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(2_000, 'at most 2,000 characters')
  .refine((url) => hasProtocol(url, ['http:', 'https:', 'ws:', 'wss:']), 'must be an http, https, ws or wss address')
  .refine((url) => !hasPassword(url), 'must not carry a name or password: give the token by itself');
const Token = z
  .string()
  .trim()
  .min(1, 'leave it out instead of giving an empty one')
  .max(8_000, 'at most 8,000 characters')
  .regex(/^[\x21-\x7e]+$/, 'visible ASCII characters only: it is sent in a header');

/** Why a server of this dialect cannot be at this address; null where it can. */
export function addressProblem(dialect: LettaDialect, url: string): string | null {
  const { allowed, words } = protocols[dialect];
  return hasProtocol(url, allowed) ? null : `must be ${words}`;
}

function checkAddress(values: { dialect: LettaDialect; url: string }, context: z.RefinementCtx): void {
  const message = addressProblem(values.dialect, values.url);
  if (message) context.addIssue({ code: 'custom', path: ['url'], message });
}

/** Where a server is and how it is spoken to: what the doctor needs, saved or not. */
export const LettaAddress = z
  .strictObject({ dialect: LettaDialect, url: Address, token: Token.optional() })
  .superRefine(checkAddress);
export type LettaAddress = z.infer<typeof LettaAddress>;

export const AddLettaServer = z
  .strictObject({ name: ServerName, dialect: LettaDialect, url: Address, token: Token.optional() })
  .superRefine(checkAddress);
export type AddLettaServer = z.infer<typeof AddLettaServer>;

/** `token` absent: stays as it is; null: taken away. The dialect of a server never changes. */
export const ChangeLettaServer = z
  .strictObject({ url: Address.optional(), token: Token.nullable().optional() })
  .refine((change) => Object.keys(change).length > 0, 'nothing to change: give url or token');
export type ChangeLettaServer = z.infer<typeof ChangeLettaServer>;
