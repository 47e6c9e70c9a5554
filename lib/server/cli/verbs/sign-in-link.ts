import { parseArgs } from 'node:util';
import type { PersonId, WorkspaceId } from '@/lib/protocol/ids';
import { readLastAddress } from '../../access/last-address';
import { makeSignInLink } from '../../access/make-sign-in-link';
import { BootError } from '../../boot/boot-error';
import type { Env } from '../../env';
import type { Queryable } from '../../ledger/command';
import { nameKey, readEveryone } from '../../people/person-row';
import type { Verb } from '../verb';
import { withLedger } from '../with-ledger';

/** Prints a link as the start of Parley does: for the first admin, or for whoever `--as` names. */
export const verb: Verb = {
  usage: 'npm run parley -- sign-in-link [--as <name>]',
  async run(args, context) {
    const { values } = parseArgs({ args, options: { as: { type: 'string' } } });
    const link = await withLedger(context, async ({ db, ledger, clock, workspaceId }) => {
      const personId = values.as === undefined ? null : await requireByName(db, workspaceId, values.as);
      const url = context.env.publicUrl ?? (await readLastAddress(db, workspaceId)) ?? configuredUrl(context.env);
      return makeSignInLink({ ledger, clock, workspaceId, url }, { personId });
    });
    context.print(`Sign in: ${link}`);
    return 0;
  },
};

async function requireByName(db: Queryable, workspaceId: WorkspaceId, name: string): Promise<PersonId> {
  const people = await readEveryone(db, workspaceId);
  const person = people.find((each) => nameKey(each.name) === nameKey(name));
  if (person) return person.id;
  const names = people.map((each) => each.name).join(', ') || 'nobody yet';
  throw new BootError(`There is no person called ${name}. There are: ${names}.`);
}

const configuredUrl = ({ host, port }: Env) => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
