import type { PersonId } from '@/lib/protocol/ids';
import type { Page } from '@/lib/protocol/page';
import type { Session } from '@/lib/protocol/person';
import { systemStream } from '@/lib/protocol/stream';
import type { IdempotencyKey, Refusal } from '../ledger/command';
import { requirePerson } from '../people/require-person';
import type { Runtime } from '../runtime';
import type { Caller } from './caller';
import { publishRevoked } from './publish-revoked';
import { requireSession } from './require-session';
import { SESSION_COLUMNS, type SessionRow, toSession } from './session-row';

/** Which sessions of a person: one, all but one, or all. */
type Which = { personId: PersonId; only?: string; except?: string };

/** Ends one of the caller's own sessions. @throws AppError `session.not_found` */
export async function endSession(
  rt: Runtime,
  caller: Caller,
  only: string,
  idempotency?: IdempotencyKey,
): Promise<Session> {
  const { personId } = requireSession(caller);
  return end(rt, caller, { personId, only }, idempotency, ([session]) => session ?? noSession(only));
}

/** Ends all of the caller's own sessions but this one. */
export async function endOtherSessions(
  rt: Runtime,
  caller: Caller,
  idempotency?: IdempotencyKey,
): Promise<Page<Session>> {
  const { personId, sessionId } = requireSession(caller);
  return end(rt, caller, { personId, except: sessionId }, idempotency, toPage);
}

/** Ends all sessions of a person, as an admin may. @throws AppError `person.not_found` */
export async function endSessionsOf(
  rt: Runtime,
  caller: Caller,
  personId: PersonId,
  idempotency?: IdempotencyKey,
): Promise<Page<Session>> {
  await requirePerson(rt, caller, personId);
  return end(rt, caller, { personId }, idempotency, toPage);
}

/** Ends the session that the caller came in by. */
export async function signOut(rt: Runtime, caller: Caller): Promise<void> {
  const { personId, sessionId } = requireSession(caller);
  await rt.ledger.append({
    workspaceId: caller.workspaceId,
    actor: caller.actor,
    load: async () => null,
    decide: () => ({
      ok: true,
      entries: [{ stream: systemStream, type: 'person.signed_out', payload: { personId } }],
      write: async (db) => {
        await db.query('DELETE FROM auth_session WHERE id = $1', [sessionId]);
      },
      answer: () => ({}),
    }),
  });
  await publishRevoked(rt, 'session', [sessionId]);
}

const toPage = (items: Session[]): Page<Session> => ({ items, next: null });

const noSession = (id: string): Refusal => ({
  ok: false,
  code: 'session.not_found',
  message: `You have no session ${id}.`,
});
const isRefusal = (answer: object): answer is Refusal => 'ok' in answer;

/** `toAnswer` gives the body of the response, or refuses where there is nothing to end. */
async function end<Answer extends object>(
  rt: Runtime,
  { workspaceId, actor, credential }: Caller,
  { personId, only, except }: Which,
  idempotency: IdempotencyKey | undefined,
  toAnswer: (ended: Session[]) => Answer | Refusal,
): Promise<Answer> {
  let ended: string[] = [];
  const answer = await rt.ledger.append({
    workspaceId,
    actor,
    ...(idempotency && { idempotency }),
    load: async (db) => {
      const { rows } = await db.query<SessionRow>(
        `SELECT ${SESSION_COLUMNS} FROM auth_session WHERE workspace_id = $1 AND user_id = $2
           AND id = COALESCE($3, id) AND id IS DISTINCT FROM $4 ORDER BY created_at DESC, id DESC`,
        [workspaceId, personId, only ?? null, except ?? null],
      );
      return rows.map((row) => toSession(row, credential.id));
    },
    decide: (sessions) => {
      const body = toAnswer(sessions);
      if (isRefusal(body)) return body;
      return {
        ok: true,
        entries: sessions.map(
          () => ({ stream: systemStream, type: 'session.revoked', payload: { personId } }) as const,
        ),
        write: async (db) => {
          ended = sessions.map((session) => session.id);
          await db.query('DELETE FROM auth_session WHERE id = ANY($1::text[])', [ended]);
        },
        answer: () => body,
      };
    },
  });
  await publishRevoked(rt, 'session', ended);
  return answer;
}
