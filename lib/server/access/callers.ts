import { timingSafeEqual } from 'node:crypto';
import type { Pool } from 'pg';
import { AppError } from '@/lib/protocol/errors';
import { type KeyId, PersonId, type WorkspaceId } from '@/lib/protocol/ids';
import { automation } from '@/lib/protocol/person';
import { Role } from '@/lib/protocol/role';
import { roleContains } from '@/lib/protocol/roles';
import type { Clock } from '../clock';
import type { BrowserSignIn } from './browser-sign-in';
import type { Caller } from './caller';
import { parseKeyText } from './key-text';
import { tokenHash } from './token-hash';

/** How long an answer is believed. With the check of open sockets it keeps a revocation under 5 s everywhere. */
const CACHE_MS = 3_000;
const CACHE_MAX = 10_000;
const LAST_USED_STEP_MS = 60_000;

export type CallersOptions = {
  pool: Pool;
  clock: Clock;
  workspaceId: WorkspaceId;
  adminKey: string | null;
  browser: Pick<BrowserSignIn, 'findSession'>;
};

export type Callers = {
  /** Whom a bearer key speaks for. @throws AppError `auth.required`: it is none, or no longer good. */
  ofBearer(key: string): Promise<Caller>;
  /** Who is signed in, by the cookie among these headers; null: nobody. */
  ofCookie(headers: Headers): Promise<Caller | null>;
  /** Whatever was remembered is looked up again: of one credential, or of all. */
  forget(credential?: { kind: string; id: string }): void;
};

type Known = { caller: Caller; until: number };
type KeyRow = {
  id: string;
  secret_hash: Buffer;
  name: string;
  role: string;
  audience: string;
  agent_ids: string[];
  task_ids: string[];
  person_id: string;
  person_name: string | null;
  person_role: string | null;
  expires_at: Date | null;
  last_used_at: Date | null;
};

/** Finds who makes a request, remembering answers for at most 3 s. */
export function createCallers(options: CallersOptions): Callers {
  const { clock, adminKey, browser } = options;
  const adminHash = adminKey === null ? null : tokenHash(adminKey);
  const known = new Map<string, Known>();
  let forgotten = 0;

  async function remembered<Found extends Caller | null>(name: string, find: () => Promise<Found>) {
    const found = known.get(name);
    if (found && found.until > clock.monotonicMs()) return found.caller;
    const before = forgotten;
    const caller = await find();
    known.delete(name);
    // What was forgotten meanwhile may be what has just been read.
    if (!caller || forgotten !== before) return caller;
    for (const oldest of known.keys()) if (known.size >= CACHE_MAX) known.delete(oldest);
    known.set(name, { caller, until: clock.monotonicMs() + CACHE_MS });
    return caller;
  }

  return {
    async ofBearer(text) {
      const hashed = tokenHash(text);
      if (adminHash !== null && timingSafeEqual(hashed, adminHash)) return automationCaller(options.workspaceId);
      const caller = await remembered(hashed.toString('base64'), async () => {
        const key = parseKeyText(text);
        return key && findKeyCaller(options, key);
      });
      if (!caller) throw new AppError('auth.required', 'The key is not known, was revoked, or has expired.');
      return caller;
    },
    async ofCookie(headers) {
      const cookie = headers.get('cookie');
      if (!cookie) return null;
      const https = headers.get('x-forwarded-proto') ?? '';
      return remembered(hashName(`${https} ${cookie}`), async () => {
        const session = await browser.findSession(headers);
        return session && findPersonCaller(options, session);
      });
    },
    forget(credential) {
      forgotten += 1;
      for (const [name, { caller }] of known) {
        if (!credential || (caller.credential.kind === credential.kind && caller.credential.id === credential.id)) {
          known.delete(name);
        }
      }
    },
  };
}

/** Secrets are not kept in memory longer than a request needs them. */
const hashName = (secret: string): string => tokenHash(secret).toString('base64');

const automationCaller = (workspaceId: WorkspaceId): Caller => ({
  workspaceId,
  actor: { kind: 'person', ...automation },
  role: 'admin',
  credential: { kind: 'admin-key', id: 'admin-key' },
  agentScope: null,
});

async function findPersonCaller(
  { pool, workspaceId }: CallersOptions,
  { sessionId, personId }: { sessionId: string; personId: PersonId },
): Promise<Caller | null> {
  const { rows } = await pool.query<{ name: string; role: string }>(
    'SELECT name, role FROM person WHERE workspace_id = $1 AND id = $2',
    [workspaceId, personId],
  );
  const [person] = rows;
  if (!person) return null;
  return {
    workspaceId,
    actor: { kind: 'person', id: personId, name: person.name },
    role: Role.parse(person.role),
    credential: { kind: 'session', id: sessionId },
    agentScope: null,
  };
}

async function findKeyCaller(options: CallersOptions, key: { id: KeyId; secret: string }): Promise<Caller | null> {
  const { pool, workspaceId, clock } = options;
  const { rows } = await pool.query<KeyRow>(
    `SELECT k.*, p.name AS person_name, p.role AS person_role FROM api_key k
     LEFT JOIN person p ON p.workspace_id = k.workspace_id AND p.id = k.person_id
     WHERE k.workspace_id = $1 AND k.id = $2`,
    [workspaceId, key.id],
  );
  const [row] = rows;
  const now = clock.now();
  if (!row?.secret_hash.equals(tokenHash(key.secret))) return null;
  if (row.expires_at !== null && row.expires_at <= now) return null;
  const caller = keyCaller(workspaceId, row);
  if (caller && (row.last_used_at === null || now.getTime() - row.last_used_at.getTime() > LAST_USED_STEP_MS)) {
    await pool.query('UPDATE api_key SET last_used_at = $3 WHERE workspace_id = $1 AND id = $2', [
      workspaceId,
      row.id,
      now,
    ]);
  }
  return caller;
}

/**
 * An `api` key acts as the person who made it, with its own role and never more than theirs. An agent's key acts as
 * itself: what was proven is the key, and which agent speaks through it is said, and held to `agentScope`, elsewhere.
 */
function keyCaller(workspaceId: WorkspaceId, row: KeyRow): Caller | null {
  const maker = row.person_id === automation.id ? { ...automation, role: 'admin' } : makerOf(row);
  if (!maker) return null;
  const credential = { kind: 'key', id: row.id } as const;
  if (row.audience === 'agent') {
    return {
      workspaceId,
      actor: { kind: 'key', id: row.id, name: row.name },
      role: 'viewer',
      credential,
      agentScope: { agentIds: row.agent_ids, taskIds: row.task_ids },
    };
  }
  const [role, limit] = [Role.parse(row.role), Role.parse(maker.role)];
  return {
    workspaceId,
    actor: { kind: 'person', id: maker.id, name: maker.name },
    role: roleContains(limit, role) ? role : limit,
    credential,
    agentScope: null,
  };
}

const makerOf = (row: KeyRow) =>
  row.person_name === null || row.person_role === null
    ? null
    : { id: PersonId.parse(row.person_id), name: row.person_name, role: row.person_role };
