import { afterAll, beforeAll, expect, test } from 'vitest';
import { putRuntime } from '@/lib/server/runtime';
import { accessRoutes } from '@/lib/testing/access-routes';
import { type AccessRuntime, createAccessRuntime } from '@/lib/testing/access-runtime';
import { type ServedRoutes, serveRoutes } from '@/lib/testing/serve-routes';
import { startProgram } from '@/lib/testing/start-program';
import { browser, program } from '@/lib/testing/visitor';
import { makeSignInLink } from '../../access/make-sign-in-link';

let rt: AccessRuntime;
let served: ServedRoutes;

beforeAll(async () => {
  rt = await createAccessRuntime({ url: 'http://127.0.0.1:4711', limits: { signInPerMinute: 1_000 } });
  const takeAway = putRuntime(rt);
  served = await serveRoutes(accessRoutes, { publicUrl: null, trustedProxies: 0 });
  return takeAway;
});
afterAll(async () => {
  await served.close();
  await rt.stop();
});

/** Calls `parley` on the database of a Parley that runs. */
async function parley(words: string[], env: Record<string, string> = {}) {
  const { connectionString } = rt.database;
  const called = startProgram('lib/server/cli/parley.ts', words, { env: { DATABASE_URL: connectionString, ...env } });
  return { code: await called.exited, stdout: called.stdout(), stderr: called.stderr() };
}

const signIn = async (said: string, name?: string) => {
  const [, token] = /^Sign in: \S+\/sign-in\?token=([A-Za-z0-9_-]{43})\n$/.exec(said) ?? [];
  return browser(served.url).ask('POST', '/api/sign-in', { token, ...(name && { name }) });
};

test('[AC3] `sign-in-link` prints a link for the first admin, at the address where Parley runs', async () => {
  expect((await signIn(`Sign in: ${await makeSignInLink(rt)}\n`, 'Ada')).status).toBe(200);
  const { code, stdout } = await parley(['sign-in-link']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Sign in: http:\/\/127\.0\.0\.1:4711\/sign-in\?token=/);
  expect((await signIn(stdout)).body).toMatchObject({ person: { name: 'Ada' } });
  expect((await signIn(stdout)).status).toBe(401);
});

test('[AC3] PARLEY_URL names the address; --as names somebody else', async () => {
  const invited = await program(served.url).ask('POST', '/api/invitations', { role: 'viewer' });
  const token = new URL(String(invited.body['link'])).searchParams.get('invitation');
  await browser(served.url).ask('POST', '/api/sign-in/invitation', { token, name: 'Bob' });
  const { stdout } = await parley(['sign-in-link', '--as', 'BOB'], { PARLEY_URL: 'https://parley.example.org' });
  expect(stdout).toMatch(/^Sign in: https:\/\/parley\.example\.org\/sign-in\?token=/);
  expect((await signIn(stdout)).body).toMatchObject({ person: { name: 'Bob' }, role: 'viewer' });
  expect(await parley(['sign-in-link', '--as', 'Eve'])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'There is no person called Eve. There are: Ada, Bob.\n',
  });
});

test('[AC29] `key create` prints a key alone, which acts as automation, or for an agent', async () => {
  const made = await parley(['key', 'create', '--name', 'ci', '--role', 'operator', '--days', '0']);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^parley_[a-z0-9]{16}_[A-Za-z0-9_-]{43}\n$/) });
  const caller = (key: string) => rt.access.callerOfRequest(new Headers({ authorization: `Bearer ${key.trim()}` }));
  expect(await caller(made.stdout)).toMatchObject({ actor: { kind: 'person', id: 'automation' }, role: 'operator' });
  const agents = await parley(['key', 'create', '--name', 'scout', '--task', 't1', '--task', 't2']);
  expect(await caller(agents.stdout)).toMatchObject({ agentScope: { agentIds: [], taskIds: ['t1', 't2'] } });
  const { rows } = await rt.database.pool.query("SELECT actor_id FROM entry WHERE type = 'key.created'");
  expect(rows).toEqual([{ actor_id: 'automation' }, { actor_id: 'automation' }]);
});

test('[AC29] `key create` called wrongly says how it is called', async () => {
  for (const words of [[], ['--name', 'x', '--role', 'king'], ['--name', 'x', '--days', 'many'], ['--nme', 'x']]) {
    const { code, stderr, stdout } = await parley(['key', 'create', ...words]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('usage: npm run parley -- key create --name <name>');
  }
});
