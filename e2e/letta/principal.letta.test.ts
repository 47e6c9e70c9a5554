import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Api, apiOf } from '@/e2e/program/api';
import { Agent } from '@/lib/protocol/agent';
import { type Entry, knownEntry } from '@/lib/protocol/entry';
import { Task } from '@/lib/protocol/task';
import { ReportAnswer } from '@/lib/protocol/task-report';
import { type ParleyProgram, startParleyProgram } from '@/lib/testing/parley-program';
import { seedReports } from '@/lib/testing/seed-reports';
import { pollUntil } from './poll-until';
import type { ScriptedRole } from './scripted-role';
import { type RealLetta, startRealLetta } from './start-real-letta';

const START_MS = 600_000;
const DEADLINE_MS = 60_000;
const [introduction, progress, milestone, , completion, handoff] = seedReports;

/** Somebody who has a task carried out and is told of it. */
const principal: ScriptedRole = {
  persona: 'I have tasks carried out for me, and I decide about their handoffs.',
  answer: (words) => {
    if (words.includes('Answer ACCEPT')) return [{ kind: 'say', text: 'ACCEPT. That is what I wanted.' }];
    if (words.includes('Milestone reached')) return [{ kind: 'say', text: 'OK' }];
    return words.includes('News of the task') ? [{ kind: 'say', text: 'Please do Europe first.' }] : null;
  },
};

describe.runIf(inject('lettaIsHere'))('a principal that is an agent of the real Letta', () => {
  let letta: RealLetta;
  let program: ParleyProgram;
  let api: Api;

  beforeAll(async () => {
    letta = await startRealLetta({ log: (line) => process.stdout.write(`${line}\n`) });
    program = await startParleyProgram({ env: { LETTA_BASE_URL: letta.url, PARLEY_SANDBOX: 'off' } });
    api = apiOf(program.url);
  }, START_MS);
  afterAll(async () => {
    await program?.stop();
    await letta?.stop();
  }, START_MS);

  it('is told its news, instructs the task’s agent, and decides about the handoff', { timeout: 240_000 }, async () => {
    const { requests } = letta.model.play(principal);
    const made = { name: 'Principal', model: letta.model.handle, persona: principal.persona };
    const { id } = Agent.parse(await api.ask({ method: 'POST', path: '/api/agents', body: made }));
    const task = Task.parse(
      await api.ask({
        method: 'POST',
        path: '/api/tasks',
        body: {
          command: '/sync-claude-md',
          principal: { kind: 'agent', id },
          handoffPolicy: 'ask',
          tell: ['announcement', 'milestone', 'handoff'],
          clocks: { updateEveryMs: 60_000, silenceMs: 120_000, graceMs: 120_000 },
        },
      }),
    );
    expect(task.principal.name).toBe('Principal');
    const path = `/api/tasks/${task.id}`;
    const say = async (body: object) =>
      ReportAnswer.parse(await api.ask({ method: 'POST', path: `${path}/reports`, body }));
    const facts = async () => (await api.entries()).flatMap((entry) => knownEntry(entry) ?? []);
    const until = async (isWanted: (facts: Entry[]) => boolean) => {
      let last: Entry[] = [];
      const isThere = async () => {
        last = (await facts()).filter(({ stream }) => stream === `task:${task.id}`);
        return isWanted(last);
      };
      await pollUntil(isThere, DEADLINE_MS, () => last.map(({ type }) => type).join(', '));
      return last;
    };
    const answers = (all: readonly Entry[]) => all.filter(({ type }) => type === 'task.principal_answered').length;

    await say(introduction);
    await until((all) => answers(all) === 1);
    expect((await say(progress)).instructions).toMatchObject([
      { type: 'x-INSTRUCTION', from: 'Principal', content: 'Please do Europe first.' },
    ]);
    await say(milestone);
    await until((all) => answers(all) === 2);
    for (const message of [completion, handoff]) expect((await say(message)).answer.type).toBe('STATUS_ACKNOWLEDGED');
    const all = await until((each) => each.some(({ type }) => type === 'task.ended'));
    expect(all.find(({ type }) => type === 'task.ended')?.payload).toMatchObject({
      state: 'SUCCESS',
      why: 'handoff_accepted',
    });
    expect(answers(all)).toBe(3);
    expect(all.filter(({ type }) => type === 'task.instruction_queued')).toHaveLength(2);
    expect(requests(), 'requests to the model: each of the three was told once').toBe(3);
  });
});
