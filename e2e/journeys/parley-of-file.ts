import { request } from '@playwright/test';
import { type Api, apiOf } from '@/e2e/program/api';
import { type ParleyOptions, type ParleyProgram, startParleyProgram } from '@/lib/testing/parley-program';
import { expect, test, type Visitor } from './journey';

/** The name of the person who signs in first and is admin. */
export const ADMIN = 'Ana';

/** The running program of a file of tests. Only within tests and hooks. */
export type ParleyOfFile = {
  program(): ParleyProgram;
  /** As a script, with the admin's key. */
  api(): Api;
  /** The first person, signed in; every call the same session. */
  admin(): Visitor;
};

/** Starts one program for the tests of the file that calls it, and signs its first person in. */
export function parleyOfFile(options: ParleyOptions = {}): ParleyOfFile {
  let running: { program: ParleyProgram; admin: Visitor } | null = null;
  test.beforeAll(async () => {
    const program = await startParleyProgram(options);
    running = { program, admin: await signedIn(program.signInUrl, ADMIN) };
  });
  test.afterAll(() => running && stopWell(running.program));
  const now = () => {
    if (!running) throw new Error('the program of this file has not started');
    return running;
  };
  return { program: () => now().program, api: () => apiOf(now().program.url), admin: () => now().admin };
}

/** Stops a program, and finds that it ended well and complained of nothing. */
export async function stopWell(program: ParleyProgram): Promise<void> {
  const ended = await program.stop();
  expect(program.log().split('\n').filter(isComplaint)).toEqual([]);
  expect(ended).toBe(0);
}

/** An error or worse in the program's own log, or what Next says of a page that broke. */
const isComplaint = (line: string) => /^\{"level":[56]0\b|^\s*⨯/.test(line);

/** Uses up a sign-in link as the page does, for tests that begin behind the door. */
export async function signedIn(signInUrl: string, name?: string): Promise<Visitor> {
  const { origin, searchParams } = new URL(signInUrl);
  const context = await request.newContext({ baseURL: origin });
  const token = searchParams.get('token');
  const answer = await context.post('/api/sign-in', { data: { token, ...(name && { name }) } });
  expect(answer.status(), await answer.text()).toBe(200);
  const storageState = await context.storageState();
  await context.dispose();
  return { url: origin, storageState };
}
