import { parseArgs } from 'node:util';
import { CreateApiKey } from '@/lib/protocol/api-key';
import { automation } from '@/lib/protocol/person';
import type { Caller } from '../../access/caller';
import { readInstallationSecret } from '../../access/installation-secret';
import { createSeal } from '../../access/seal';
import { createKey } from '../../keys/create-key';
import { UsageError, type Verb } from '../verb';
import { withLedger } from '../with-ledger';

const DAY_MS = 24 * 3_600_000;

const options = {
  name: { type: 'string' },
  role: { type: 'string' },
  days: { type: 'string' },
  agent: { type: 'string', multiple: true },
  task: { type: 'string', multiple: true },
} as const;

/**
 * Makes a key and prints it alone, so that a script can take it. It acts as the person `automation`; with `--agent` or
 * `--task` it is an agent's key, bound to them. `--days 0` never expires.
 */
export const verb: Verb = {
  usage:
    'npm run parley -- key create --name <name> [--role viewer|reviewer|operator|admin] [--days 365] [--agent <id>]… [--task <id>]…',
  async run(args, context) {
    const { values } = parseArgs({ args, options });
    const { agent: agentIds = [], task: taskIds = [] } = values;
    if (values.name === undefined) throw new UsageError('key create takes a --name, to know the key again');
    const input = parse({
      name: values.name,
      role: values.role,
      audience: agentIds.length + taskIds.length > 0 ? 'agent' : 'api',
      agentIds,
      taskIds,
      expiresAt: expiryOf(values.days),
    });
    const text = await withLedger(context, async ({ db, ledger, clock, workspaceId }) => {
      const seal = createSeal(await readInstallationSecret(db, workspaceId), 'access');
      const caller: Caller = {
        workspaceId,
        actor: { kind: 'person', ...automation },
        role: 'admin',
        credential: { kind: 'admin-key', id: 'command-line' },
        agentScope: null,
      };
      const made = await createKey({ ledger, clock, access: { seal } }, caller, input);
      return seal.open(made.key);
    });
    context.print(text);
    return 0;
  },
};

function parse(given: unknown): CreateApiKey {
  const parsed = CreateApiKey.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${issue?.path.join('.') || 'the options'}: ${issue?.message}`);
}

function expiryOf(days: string | undefined): string | null | undefined {
  if (days === undefined) return undefined;
  if (!/^\d{1,5}$/.test(days)) throw new UsageError('--days takes a number of days; 0 for a key that never expires');
  return days === '0' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
}
