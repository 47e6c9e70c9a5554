import type { Person, SignInMethod } from '@/lib/protocol/person';
import { systemStream } from '@/lib/protocol/stream';
import type { Runtime } from '../runtime';

/** Appends that a person signed in. Nobody is let in before this is durable. */
export async function recordSignIn(rt: Runtime, person: Person, method: SignInMethod): Promise<void> {
  const actor = { kind: 'person', id: person.id, name: person.name } as const;
  await rt.ledger.record(rt.workspaceId, actor, [
    { stream: systemStream, type: 'person.signed_in', payload: { personId: person.id, method } },
  ]);
}
