import { z } from 'zod';
import { AgentId, KeyId, PersonId, TaskId } from './ids';
import { Role } from './role';
import { Instant, Name, Timestamp } from './text';

/** `api`: acts as the person who made it. `agent`: does only what an agent does, for the agents and tasks it is bound to. */
export const KeyAudience = z.enum(['api', 'agent']);
export type KeyAudience = z.infer<typeof KeyAudience>;

const withoutNul = (value: string) => !value.includes('\u0000');
const BoundAgentId = AgentId.refine(withoutNul, 'must not contain U+0000');
const BoundTaskId = z
  .string()
  .min(1)
  .max(200)
  .refine(withoutNul, 'must not contain U+0000')
  .transform((id) => TaskId.safeParse(id).data ?? id);

/** A key as it is listed: without its secret, of which only a hash is kept. */
export const ApiKey = z.object({
  id: KeyId,
  name: z.string(),
  role: Role,
  audience: KeyAudience,
  agentIds: z.array(AgentId),
  taskIds: z.array(z.string()),
  person: z.object({ id: PersonId, name: z.string() }),
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable(),
  lastUsedAt: Timestamp.nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** What making a key answers: the only time that `key`, the text `parley_<id>_<secret>`, is shown. */
export const CreatedApiKey = ApiKey.extend({ key: z.string() });
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;

/** Without `role`: viewer; an agent's key does what agents do, whatever its role. Without `expiresAt`: in 365 days; null: never. */
export const CreateApiKey = z
  .strictObject({
    name: Name,
    role: Role.default('viewer'),
    audience: KeyAudience.default('api'),
    agentIds: z.array(BoundAgentId).max(100).default([]),
    taskIds: z.array(BoundTaskId).max(100).default([]),
    expiresAt: Instant.nullable().optional(),
  })
  .superRefine((key, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const isBound = key.agentIds.length + key.taskIds.length > 0;
    if (key.audience === 'agent' && !isBound)
      refuse('agentIds', "an agent's key is bound to agents or tasks: name them");
    if (key.audience === 'api' && isBound)
      refuse('audience', 'only a key with audience agent is bound to agents or tasks');
  });
export type CreateApiKey = z.infer<typeof CreateApiKey>;
