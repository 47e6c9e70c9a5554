import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Thread } from './gateway';
import type { Bench, Move } from './gateway-contract-target';
import { comparable, defaultThread, eventually, hear, say, transcript } from './gateway-contract-turn';

const guarded = 'core_memory_append';
const remember = { tool: guarded, arguments: { label: 'notes', content: 'seen' } };

/** Several threads of one agent: each with its own messages, its own calls that wait, its own turn. */
export function describeThreads({ target, gateway, agent }: Bench): void {
  const open = async (approve: string[] = []): Promise<Thread & { threadId: string }> => {
    const agentId = await agent({ approve });
    return { agentId, threadId: await target().openThread(agentId) };
  };
  const speak = (thread: Thread, moves: Move[]) =>
    hear(gateway().send(thread, { kind: 'user', text: target().ask(moves), otid: randomUUID() }));
  const listed = (thread: Thread) => gateway().listMessages(thread, { limit: 100 });

  describe('threads', () => {
    it('keep their messages apart', async () => {
      const thread = await open();
      const { cursor } = await gateway().tail(null, 100);
      const turn = await speak(thread, [{ kind: 'say', text: 'In the side room.' }]);
      const main = await say(gateway(), thread.agentId, target().ask([{ kind: 'say', text: 'In the hall.' }]));
      expect((await listed(thread)).slice(-1).map(comparable)).toEqual(turn.messages.map(comparable));
      expect((await transcript(gateway(), thread.agentId)).slice(-1).map(comparable)).toEqual(
        main.messages.map(comparable),
      );
      const texts = (messages: { content?: string }[]) => messages.map((message) => message.content);
      expect(texts(await listed(thread))).not.toContain('In the hall.');
      expect(texts(await transcript(gateway(), thread.agentId))).not.toContain('In the side room.');

      const { messages } = await target().connect().tail(cursor, 100);
      const from = (text: string) => messages.find((each) => each.message.content === text);
      expect(from('In the side room.')).toMatchObject(thread);
      expect(from('In the hall.')).toMatchObject(defaultThread(thread.agentId));
    });

    it('keep apart also what was answered at once, whose run does not name its thread', async () => {
      const thread = await open();
      await target().openThread(thread.agentId);
      const { cursor } = await gateway().tail(null, 100);
      await target().sayAtOnce(thread.threadId, target().ask([{ kind: 'say', text: 'At once, in the side room.' }]));
      const { messages } = await target().connect().tail(cursor, 100);
      const own = messages.filter(({ agentId }) => agentId === thread.agentId);
      expect(own.map(({ message }) => message.content)).toContain('At once, in the side room.');
      expect(own.map(({ threadId }) => threadId)).toEqual(own.map(() => thread.threadId));
    });

    it('are listed with their runs, the one with the newest message first', async () => {
      const quiet = await open();
      const busy = { ...quiet, threadId: await target().openThread(quiet.agentId) };
      const turn = await speak(busy, [{ kind: 'say', text: 'Here.' }]);
      await say(gateway(), quiet.agentId, target().ask([{ kind: 'say', text: 'And in the hall.' }]));
      const threads = await gateway().listThreads(quiet.agentId);
      expect(threads.map(({ threadId }) => threadId)).toEqual([busy.threadId, quiet.threadId]);
      expect(threads[0]?.lastMessageAt).toBeInstanceOf(Date);
      const runs = await gateway().listNewestRuns(quiet.agentId, 10);
      expect(runs.map(({ threadId, status }) => [threadId, status])).toEqual([
        [null, 'completed'],
        [busy.threadId, 'completed'],
      ]);
      expect(runs[1]?.id).toBe(turn.runId);
    });

    it('wait each for its own answer', async () => {
      const thread = await open([guarded]);
      const turn = await speak(thread, [
        { kind: 'call', calls: [remember] },
        { kind: 'say', text: 'Kept.' },
      ]);
      expect(turn.stopReason).toBe('requires_approval');
      const pending = await gateway().findPendingApproval(thread);
      expect(pending).toMatchObject({ messageId: turn.messages.at(-1)?.messageId, runId: turn.runId });
      expect(await gateway().findPendingApproval(defaultThread(thread.agentId))).toBeNull();
      expect(await gateway().listApprovalRuns(100)).toContainEqual({ ...thread, runId: turn.runId });
      await expect(speak(thread, [{ kind: 'say', text: 'Too early.' }])).rejects.toMatchObject({ code: 'agent.busy' });
      const free = await say(gateway(), thread.agentId, target().ask([{ kind: 'say', text: 'I am free here.' }]));
      expect(free.messages.at(-1)?.content).toBe('I am free here.');

      const toolCallId = pending?.message.toolCall?.toolCallId ?? '';
      const answered = await hear(
        gateway().send(thread, { kind: 'answers', answers: [{ kind: 'approve', toolCallId }] }),
      );
      expect(answered.messages.at(-1)?.content).toBe('Kept.');
      expect(await gateway().findPendingApproval(thread)).toBeNull();
    });

    it('give their own call up when its run is stopped by name, also when somebody else has cancelled that', async () => {
      for (const isCancelledBefore of [false, true]) {
        const thread = await open([guarded]);
        const hall = defaultThread(thread.agentId);
        const turn = await speak(thread, [
          { kind: 'call', calls: [remember] },
          { kind: 'say', text: 'Never said to its end, word by word.', slowly: true },
        ]);
        const runId = turn.runId ?? '';
        if (isCancelledBefore) {
          await target().cancelRun(thread.agentId, runId);
          expect(await gateway().findRun(runId)).toMatchObject({ status: 'cancelled' });
          expect(await gateway().findPendingApproval(thread)).not.toBeNull();
        }
        expect(await gateway().interrupt(hall, runId)).toBe(false);
        expect(await gateway().interrupt(thread, runId)).toBe(true);
        expect(await gateway().findPendingApproval(thread)).toBeNull();
        expect((await listed(thread)).slice(-2).map(({ messageType }) => messageType)).toEqual([
          'approval_response_message',
          'tool_return_message',
        ]);
        expect(await gateway().interrupt(thread, runId)).toBe(false);
        const next = await speak(thread, [{ kind: 'say', text: 'Free again.' }]);
        expect(next.messages.at(-1)?.content).toBe('Free again.');
      }
    });

    it('are not stopped at the price of a call at which the agent stands elsewhere', async () => {
      const thread = await open([guarded]);
      const hall = defaultThread(thread.agentId);
      await say(gateway(), thread.agentId, target().ask([{ kind: 'call', calls: [remember] }]));
      const turn = hear(gateway().send(thread, speech('slow and slower and slow and slower')));
      const running = () => gateway().listRuns(thread.agentId, new Date(0));
      await eventually(running, (runs) => runs.some((run) => run.status === 'running'));
      await expect(gateway().interrupt(thread)).rejects.toMatchObject({ code: 'agent.busy' });
      expect((await turn).stopReason).toBe('end_turn');
      expect(await gateway().findPendingApproval(hall)).not.toBeNull();
    });

    it('have one turn at a time, where the engine sees to it, and are free again after an interrupt', async () => {
      const thread = await open();
      const text = Array.from({ length: 40 }, () => 'slow').join(' ');
      const turn = hear(gateway().send(thread, speech(text)));
      const running = () => gateway().listRuns(thread.agentId, new Date(0));
      await eventually(running, (runs) => runs.some((run) => run.status === 'running'));
      if (target().refusesSecondTurn) {
        await expect(speak(thread, [{ kind: 'say', text: 'Me too.' }])).rejects.toMatchObject({ code: 'agent.busy' });
      }
      expect(await gateway().interrupt(defaultThread(thread.agentId))).toBe(false);
      expect(await gateway().interrupt(thread)).toBe(true);
      expect((await turn).stopReason).toBe('cancelled');
      const next = await speak(thread, [{ kind: 'say', text: 'At last.' }]);
      expect(next.messages.at(-1)?.content).toBe('At last.');
    });
  });

  const speech = (text: string) => ({
    kind: 'user' as const,
    text: target().ask([{ kind: 'say', text, slowly: true }]),
    otid: randomUUID(),
  });
}
