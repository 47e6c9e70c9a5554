import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AgentId } from '@/lib/protocol/ids';
import type { CallAnswer, TurnEvent } from './gateway';
import type { Bench } from './gateway-contract-target';
import { answer, comparable, defaultThread, hear, say, transcript } from './gateway-contract-turn';

const guarded = 'core_memory_append';
const remember = { tool: guarded, arguments: { label: 'notes', content: 'seen by a person' } };
const nothingSuch = 'call_000000000000000000000000';

/** Calls that wait for an answer: found, answered each way, and refused where the answer does not fit. */
export function describeApprovals({ target, gateway, agent }: Bench): void {
  const notes = async (id: AgentId) => (await gateway().findAgent(id))?.blocks[0]?.value;

  /** An agent that stands at a guarded call, and will say `Thank you.` when it is answered. */
  const waiting = async () => {
    const id = await agent({ approve: [guarded] });
    const moves = [
      { kind: 'call' as const, calls: [remember], text: 'May I?', reasoning: 'Better ask.' },
      { kind: 'say' as const, text: 'Thank you.' },
    ];
    const turn = await say(gateway(), id, target().ask(moves));
    const toolCallId = turn.messages.at(-1)?.toolCall?.toolCallId ?? '';
    return { id, turn, toolCallId };
  };

  describe('approvals', () => {
    it('stops at a guarded call, tells it whole, and finds it again', async () => {
      const { id, turn } = await waiting();
      expect(turn).toMatchObject({ stopReason: 'requires_approval', error: null });
      expect(turn.messages.map((message) => message.messageType)).toEqual([
        'reasoning_message',
        'assistant_message',
        'approval_request_message',
      ]);
      const request = turn.messages.at(-1);
      expect(request?.toolCall?.name).toBe(guarded);
      expect(JSON.parse(request?.toolCall?.arguments ?? '')).toEqual(remember.arguments);
      const listed = (await transcript(gateway(), id)).slice(-3);
      expect(listed.map(comparable)).toEqual(turn.messages.map(comparable));

      const pending = await gateway().findPendingApproval(defaultThread(id));
      expect(pending).toMatchObject({ messageId: request?.messageId, runId: turn.runId });
      expect(pending?.message).toEqual(listed.at(-1));
      expect((await gateway().findAgent(id))?.pending).toEqual(pending);
      expect((await gateway().listAgents()).find((each) => each.id === id)?.pending).toEqual(pending);
      expect(await notes(id)).toBe('nothing yet');
    });

    it('says of every message which deltas it supersedes', async () => {
      const { turn } = await waiting();
      for (const { messageId, messageType } of turn.deltas) {
        const superseding = turn.events.filter(
          (event) =>
            event.kind === 'message' &&
            event.message.messageType === messageType &&
            (event.deltaId ?? event.message.messageId) === messageId,
        );
        expect(superseding).toHaveLength(1);
      }
    });

    it.each<{
      name: string;
      given: (toolCallId: string) => CallAnswer;
      status: string;
      text: RegExp;
      kept: boolean;
      approve: boolean | null;
    }>([
      {
        name: 'an approval',
        given: (toolCallId) => ({ kind: 'approve', toolCallId, reason: 'fine by Dana' }),
        status: 'success',
        text: /seen by a person/,
        kept: true,
        approve: true,
      },
      {
        name: 'a denial',
        given: (toolCallId) => ({ kind: 'deny', toolCallId, reason: 'not today' }),
        status: 'error',
        text: /not today/,
        kept: false,
        approve: false,
      },
      {
        name: 'a result',
        given: (toolCallId) => ({
          kind: 'result',
          toolCallId,
          status: 'success',
          text: "{'agent_id': 'x', 'response': ['ok']}",
        }),
        status: 'success',
        text: /^\{'agent_id': 'x', 'response': \['ok'\]\}$/,
        kept: false,
        approve: null,
      },
      {
        name: 'a failure',
        given: (toolCallId) => ({ kind: 'result', toolCallId, status: 'error', text: 'nobody there' }),
        status: 'error',
        text: /nobody there/,
        kept: false,
        approve: null,
      },
    ])('answers with $name, and the agent goes on', async ({ given, status, text, kept, approve }) => {
      const { id, turn: asked, toolCallId } = await waiting();
      const turn = await answer(gateway(), id, [given(toolCallId)]);
      expect(turn).toMatchObject({ stopReason: 'end_turn', error: null });
      expect(turn.runId).not.toBe(asked.runId);
      expect(turn.messages.map((message) => message.messageType)).toEqual(['tool_return_message', 'assistant_message']);
      expect(turn.messages[0]?.toolReturn).toMatchObject({ status, toolCallId, text: expect.stringMatching(text) });
      expect(turn.messages[1]?.content).toBe('Thank you.');
      expect((await notes(id))?.includes('seen by a person')).toBe(kept);

      const [recorded, ...said] = (await transcript(gateway(), id)).slice(-3);
      const answered = given(toolCallId);
      expect(recorded).toMatchObject({ messageType: 'approval_response_message', runId: turn.runId });
      expect(recorded?.approvals).toEqual([
        { toolCallId, approve, reason: answered.kind === 'result' ? null : (answered.reason ?? null) },
      ]);
      expect(said.map(comparable)).toEqual(turn.messages.map(comparable));
      expect(await gateway().findPendingApproval(defaultThread(id))).toBeNull();
    });

    it('takes what a person says at this step together with the answers', async () => {
      const { id, toolCallId } = await waiting();
      const otid = randomUUID();
      const joined = { text: target().ask([{ kind: 'say', text: 'Noted.' }]), otid, senderName: 'Dana' };
      const answers = [{ kind: 'result' as const, toolCallId, status: 'success' as const, text: 'ok' }];
      const turn = await hear(gateway().send(defaultThread(id), { kind: 'answers', answers, joined }));
      expect(turn).toMatchObject({ stopReason: 'end_turn', error: null });
      expect(turn.messages.map((message) => message.messageType)).toEqual(['tool_return_message', 'assistant_message']);
      expect(turn.messages[1]?.content).toBe('Noted.');
      const listed = (await transcript(gateway(), id)).slice(-4);
      expect(listed.map((message) => message.messageType)).toEqual([
        'approval_response_message',
        'tool_return_message',
        'user_message',
        'assistant_message',
      ]);
      expect(listed[2]).toMatchObject({ otid, senderName: 'Dana', runId: turn.runId });
    });

    it('takes no text while a call waits', async () => {
      const { id, toolCallId } = await waiting();
      const thread = defaultThread(id);
      const before = [await transcript(gateway(), id), await gateway().listRuns(id, new Date(0))];
      const told: TurnEvent[] = [];
      const speak = async () => {
        const input = { kind: 'user' as const, text: 'Are you there?', otid: randomUUID() };
        for await (const event of gateway().send(thread, input)) told.push(event);
      };
      await expect(speak()).rejects.toMatchObject({ code: 'agent.busy' });
      expect(told).toEqual([]);
      expect([await transcript(gateway(), id), await gateway().listRuns(id, new Date(0))]).toEqual(before);
      const turn = await answer(gateway(), id, [{ kind: 'deny', toolCallId, reason: 'no' }]);
      expect(turn.stopReason).toBe('end_turn');
    });

    it('refuses an answer to another call, and one where nothing waits', async () => {
      const { id, toolCallId } = await waiting();
      const wrong = { kind: 'approve' as const, toolCallId: nothingSuch };
      await expect(answer(gateway(), id, [wrong])).rejects.toMatchObject({
        code: 'request.invalid',
        message: expect.stringContaining(nothingSuch),
      });
      expect((await gateway().findPendingApproval(defaultThread(id)))?.message.toolCall?.toolCallId).toBe(toolCallId);
      await expect(answer(gateway(), await agent(), [wrong])).rejects.toMatchObject({ code: 'request.invalid' });
    });

    it('[LF5] lets a late second answer do no harm: the call runs once, and what the engine injects is not shown', async () => {
      const { id, toolCallId } = await waiting();
      const given = { kind: 'approve' as const, toolCallId };
      const { cursor } = await gateway().tail(null, 100);
      await answer(gateway(), id, [given]);
      await answer(gateway(), id, [given]);
      expect((await notes(id))?.match(/seen by a person/g)).toHaveLength(1);
      const listed = await transcript(gateway(), id);
      expect(listed.filter((message) => message.messageType === 'user_message')).toHaveLength(1);
      const { messages } = await gateway().tail(cursor, 100);
      expect(messages.filter((each) => each.message.messageType === 'user_message')).toEqual([]);
    });

    it('is answered by another process than the one that asked', async () => {
      const { id, toolCallId } = await waiting();
      const other = target().connect();
      expect(await other.findPendingApproval(defaultThread(id))).not.toBeNull();
      const turn = await answer(other, id, [{ kind: 'approve', toolCallId }]);
      expect(turn.messages.at(-1)?.content).toBe('Thank you.');
    });

    it('gives a call up when its run is stopped by name, and only then', async () => {
      const { id, turn } = await waiting();
      const thread = defaultThread(id);
      expect(await gateway().interrupt(thread)).toBe(false);
      expect(await gateway().findPendingApproval(thread)).not.toBeNull();
      expect(await gateway().interrupt(thread, turn.runId ?? '')).toBe(true);
      expect(await gateway().findPendingApproval(thread)).toBeNull();
      expect((await transcript(gateway(), id)).slice(-2).map((message) => message.messageType)).toEqual([
        'approval_response_message',
        'tool_return_message',
      ]);
      const next = await say(gateway(), id, target().ask([{ kind: 'say', text: 'Free again.' }]));
      expect(next.messages.at(-1)?.content).toBe('Free again.');
    });

    it('runs a call at once when it needs no answer any more', async () => {
      const { id, toolCallId } = await waiting();
      await answer(gateway(), id, [{ kind: 'deny', toolCallId, reason: 'no' }]);
      await gateway().setApproval(id, guarded, false);
      const turn = await say(
        gateway(),
        id,
        target().ask([
          { kind: 'call', calls: [remember] },
          { kind: 'say', text: 'Noted.' },
        ]),
      );
      expect(turn.stopReason).toBe('end_turn');
      expect(await notes(id)).toContain('seen by a person');
    });

    it('parks a message to another agent, which hears nothing of it', async () => {
      const tool = 'send_message_to_agent_async';
      const [alice, bob] = await Promise.all([agent({ approve: [tool] }), agent()]);
      const letter = { message: 'Hello Bob', other_agent_id: bob };
      const moves = [
        { kind: 'call' as const, calls: [{ tool, arguments: letter }] },
        { kind: 'say' as const, text: 'Sent.' },
      ];
      const asked = await say(gateway(), alice, target().ask(moves));
      const call = asked.messages.at(-1)?.toolCall;
      expect(JSON.parse(call?.arguments ?? '')).toEqual(letter);
      const quiet = await transcript(gateway(), bob);
      const receipt = { kind: 'result' as const, toolCallId: call?.toolCallId ?? '', status: 'success' as const };
      const turn = await answer(gateway(), alice, [{ ...receipt, text: 'Successfully sent message' }]);
      expect(turn.messages.map((message) => message.toolReturn?.text ?? message.content)).toEqual([
        'Successfully sent message',
        'Sent.',
      ]);
      expect(await transcript(gateway(), bob)).toEqual(quiet);
    });

    it('keeps a delivery from another agent apart from its own answer', async () => {
      const [alice, bob] = await Promise.all([agent(), agent()]);
      const text = `[Incoming message from agent with ID '${alice}'] ${target().ask([{ kind: 'say', text: 'Hello Alice.' }])}`;
      const delivery = { kind: 'agent' as const, text, otid: randomUUID(), senderId: alice, senderName: 'Alice' };
      const turn = await hear(gateway().send(defaultThread(bob), delivery));
      expect(turn.messages.map((message) => message.content)).toEqual(['Hello Alice.']);
      expect((await transcript(gateway(), bob)).at(-2)).toMatchObject({ senderId: alice, otid: delivery.otid });
    });
  });
}
