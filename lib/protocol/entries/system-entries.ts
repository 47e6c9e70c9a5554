import { z } from 'zod';
import { AgentId, KeyId, PersonId, ServerName } from '../ids';
import { JsonValue } from '../json';
import { Role } from '../role';
import { Timestamp } from '../text';

const LettaServerFacts = z.object({ server: ServerName, dialect: z.enum(['rest', 'app-server']), url: z.string() });

export const systemEntries = {
  /** Entry 1 of every ledger. */
  'log.created': z.object({ vkey: z.string() }),
  'checkpoint.signed': z.object({ size: z.number().int().positive(), root: z.string() }),
  'payload.redacted': z.object({ seq: z.number().int().positive(), reason: z.string() }),
  'system.started': z.object({ version: z.string(), instance: z.string() }),
  'system.stopped': z.object({ instance: z.string() }),
  'letta.connected': z.object({ server: ServerName, version: z.string().nullable() }),
  'letta.lost': z.object({ server: ServerName, reason: z.string() }),
  'letta_server.added': LettaServerFacts,
  'letta_server.changed': LettaServerFacts.partial({ dialect: true, url: true }),
  'letta_server.removed': z.object({ server: ServerName }),
  /** Made for the person named, or for whoever is the first admin when it is used. */
  'sign_in_link.made': z.object({ personId: PersonId.nullable(), expiresAt: Timestamp }),
  'person.signed_in': z.object({
    personId: PersonId,
    method: z.enum(['link', 'invitation', 'password', 'passkey']),
  }),
  'person.signed_out': z.object({ personId: PersonId }),
  'person.invited': z.object({ invitationId: z.string(), name: z.string().nullable(), role: Role }),
  /** `invitationId` is null for the first person, who came by the link that the log prints. */
  'person.joined': z.object({ personId: PersonId, name: z.string(), role: Role, invitationId: z.string().nullable() }),
  'person.changed': z.object({ personId: PersonId, name: z.string().optional(), role: Role.optional() }),
  'person.removed': z.object({ personId: PersonId, name: z.string() }),
  'person.credential_set': z.object({ personId: PersonId, credential: z.enum(['password', 'passkey']) }),
  'person.credential_removed': z.object({ personId: PersonId, credential: z.enum(['password', 'passkey']) }),
  'invitation.revoked': z.object({ invitationId: z.string() }),
  'session.revoked': z.object({ personId: PersonId }),
  'key.created': z.object({
    keyId: KeyId,
    name: z.string(),
    role: Role,
    audience: z.enum(['api', 'agent']),
    agentIds: z.array(AgentId),
    taskIds: z.array(z.string()),
    expiresAt: Timestamp.nullable(),
  }),
  'key.revoked': z.object({ keyId: KeyId, name: z.string() }),
  'setting.changed': z.object({ setting: z.string(), value: JsonValue }),
} as const;
