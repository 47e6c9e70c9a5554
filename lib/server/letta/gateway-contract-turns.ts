import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AgentId } from '@/lib/protocol/ids';
import type { TurnEvent } from './gateway';
import type { Bench } from './gateway-contract-target';
import { comparable, defaultThread, eventually, hear, say, transcript } from './gateway-contract-turn';

const long = Array.from({ length: 40 }, (_, at) => `word${at}`).join(' ');
const remember = { tool: 'core_memory_append', arguments: { label: 'notes', content: 'tea at five' } };

/** Turns: what an agent does is told while it happens, and afterwards stands in the listing just so. */
export function describeTurns({ target, gateway, agent }: Bench): void {
  describe('turns', () => {
    it('tells a reply token by token, then whole, then how it ended', async () => {
      const id = await agent();
      const otid = randomUUID();
      const text = target().ask([{ kind: 'say', text: 'Good morning, dear friend.', reasoning: 'A greeting is due.' }]);
      const turn = await say(gateway(), id, text, otid);

      expect(turn).toMatchObject({ stopReason: 'end_turn', error: null });
      expect(turn.runId).toEqual(expect.any(String));
      expect(turn.messages.map(({ messageType, reasoning, content }) => [messageType, reasoning ?? content])).toEqual([
        ['reasoning_message', 'A greeting is due.'],
        ['assistant_message', 'Good morning, dear friend.'],
      ]);
      expect(turn.deltas.length).toBeGreaterThan(3);
      expect(joined(turn.deltas)).toEqual({ content: 'Good morning, dear friend.', reasoning: 'A greeting is due.' });
      expect(turn.usage).toMatchObject({ steps: 1, totalTokens: expect.any(Number) });

      const [heard, ...said] = (await transcript(gateway(), id)).filter((message) => message.runId !== null);
      expect(heard).toMatchObject({
        messageType: 'user_message',
        content: text,
        otid,
        senderId: null,
        runId: turn.runId,
      });
      expect(said.map(comparable)).toEqual(turn.messages.map(comparable));
      const [run] = await gateway().listRuns(id, new Date(0));
      expect(run).toMatchObject({ id: turn.runId, status: 'completed', stopReason: 'end_turn', error: null });
    });

    it('does not hold tokens back', async () => {
      const id = await agent();
      const events = gateway().send(defaultThread(id), { kind: 'user', text: slowly(), otid: randomUUID() });
      const at: Partial<Record<TurnEvent['kind'], number>> = {};
      for await (const event of events) at[event.kind] ??= performance.now();
      expect(at.ended).toBeGreaterThan((at.delta ?? 0) + 1_500);
      expect(at.accepted).toBeLessThan(at.delta ?? 0);
    });

    it('tells a call, what came of it, and the reply', async () => {
      const id = await agent({ tools: ['core_memory_append'] });
      const moves = [
        { kind: 'call' as const, calls: [remember], text: 'I will write that down.' },
        { kind: 'say' as const, text: 'Done.' },
      ];
      const turn = await say(gateway(), id, target().ask(moves));
      expect(turn.messages.map((message) => message.messageType)).toEqual([
        'assistant_message',
        'tool_call_message',
        'tool_return_message',
        'assistant_message',
      ]);
      const [, call, back] = turn.messages;
      expect(JSON.parse(call?.toolCall?.arguments ?? '')).toEqual(remember.arguments);
      expect(back?.toolReturn).toMatchObject({
        status: 'success',
        toolCallId: call?.toolCall?.toolCallId,
        name: remember.tool,
      });
      expect(turn.usage?.steps).toBe(2);
      expect((await gateway().findAgent(id))?.blocks[0]?.value).toContain('tea at five');
      const listed = (await transcript(gateway(), id)).slice(-turn.messages.length);
      expect(listed.map(comparable)).toEqual(turn.messages.map(comparable));
    });

    it('[LF6] tells a message only when the engine has stored it', async () => {
      const id = await agent({ tools: ['core_memory_append'] });
      const moves = [
        { kind: 'call' as const, calls: [remember] },
        { kind: 'say' as const, text: 'Done.' },
      ];
      const input = { kind: 'user' as const, text: target().ask(moves), otid: randomUUID() };
      const told: string[] = [];
      for await (const event of gateway().send(defaultThread(id), input)) {
        if (event.kind !== 'message') continue;
        told.push(event.message.messageType);
        const stored = await transcript(gateway(), id);
        expect(stored.map(({ messageId, messageType }) => [messageId, messageType])).toContainEqual([
          event.message.messageId,
          event.message.messageType,
        ]);
      }
      expect(told).toEqual(['tool_call_message', 'tool_return_message', 'assistant_message']);
    });

    it('[LF7] keeps nothing of a turn whose model failed, and goes on with the next', async () => {
      const id = await agent();
      const before = await transcript(gateway(), id);
      const turn = await say(gateway(), id, target().ask([{ kind: 'fail' }]));
      expect(turn).toMatchObject({
        stopReason: 'llm_api_error',
        error: expect.stringMatching(/\S+ \S+/),
        messages: [],
      });
      expect(await transcript(gateway(), id)).toEqual(before);
      const [run] = await gateway().listRuns(id, new Date(0));
      expect(run).toMatchObject({ id: turn.runId, status: 'failed', error: expect.stringMatching(/\S+ \S+/) });
      const next = await say(gateway(), id, target().ask([{ kind: 'say', text: 'Well again.' }]));
      expect(next.messages.at(-1)?.content).toBe('Well again.');
    });

    it('keeps the finished steps of a turn whose model fails later', async () => {
      const id = await agent({ tools: ['core_memory_append'] });
      const turn = await say(gateway(), id, target().ask([{ kind: 'call', calls: [remember] }, { kind: 'fail' }]));
      expect(turn.error).not.toBeNull();
      expect(turn.messages.map((message) => message.messageType)).toEqual(['tool_call_message', 'tool_return_message']);
      const listed = (await transcript(gateway(), id)).slice(-2);
      expect(listed.map(comparable)).toEqual(turn.messages.map(comparable));
    });

    it('keeps who spoke: a person by name, an agent by id and name', async () => {
      const id = await agent();
      const otids = [randomUUID(), randomUUID()] as const;
      const senderId = AgentId.parse(await agent());
      const text = `${target().ask([{ kind: 'say', text: 'Hello both.' }])} «ünï» 🫖\u2028end`;
      const spoken = { text, otid: otids[0], senderName: 'Dana' };
      await hear(gateway().send(defaultThread(id), { kind: 'user', ...spoken }));
      const passed = { text: `[Incoming message] ${text}`, otid: otids[1], senderId, senderName: 'Bob' };
      await hear(gateway().send(defaultThread(id), { kind: 'agent', ...passed }));
      const inputs = (await transcript(gateway(), id)).filter(({ otid }) => otid !== null);
      expect(inputs).toMatchObject([
        { messageType: 'user_message', content: text, otid: otids[0], senderName: 'Dana' },
        { messageType: 'system_message', content: passed.text, otid: otids[1], senderId, senderName: 'Bob' },
      ]);
    });

    it('lets two agents speak at the same time', async () => {
      const pair = await Promise.all([agent(), agent()]);
      const turns = await Promise.all(
        pair.map((id, at) => say(gateway(), id, target().ask([{ kind: 'say', text: `I am number ${at}.` }]))),
      );
      expect(turns.map((turn) => turn.messages.at(-1)?.content)).toEqual(['I am number 0.', 'I am number 1.']);
    });

    it('refuses an empty text and keeps nothing of it', async () => {
      const id = await agent();
      await expect(say(gateway(), id, '')).rejects.toMatchObject({ code: 'request.invalid' });
      expect((await transcript(gateway(), id)).filter((message) => message.runId !== null)).toEqual([]);
    });

    it('leaves the turn running when its reader goes', async () => {
      const id = await agent();
      const text = target().ask([{ kind: 'say', text: 'Nobody listens, and I speak.' }]);
      for await (const event of gateway().send(defaultThread(id), { kind: 'user', text, otid: randomUUID() })) {
        if (event.kind === 'accepted') break;
      }
      const listed = await eventually(
        () => transcript(gateway(), id),
        (messages) => messages.at(-1)?.messageType === 'assistant_message',
      );
      expect(listed.at(-1)?.content).toBe('Nobody listens, and I speak.');
    });

    it('throws the reason of an abort, and leaves the turn running', async () => {
      const id = await agent();
      const reason = new Error('enough');
      const leaving = new AbortController();
      const read = async () => {
        const input = { kind: 'user' as const, text: target().ask([{ kind: 'say', text: long }]), otid: randomUUID() };
        for await (const event of gateway().send(defaultThread(id), input, { signal: leaving.signal })) {
          if (event.kind === 'accepted') leaving.abort(reason);
        }
      };
      await expect(read()).rejects.toBe(reason);
      await eventually(
        () => transcript(gateway(), id),
        (messages) => messages.at(-1)?.content === long,
      );
    });

    it.each(['the run', 'the thread'])('interrupts %s: the turn ends and nothing of it is kept', async (what) => {
      const id = await agent();
      const thread = defaultThread(id);
      expect(await gateway().interrupt(thread)).toBe(false);
      const events: TurnEvent[] = [];
      let stopped: boolean | null = null;
      for await (const event of gateway().send(thread, { kind: 'user', text: slowly(), otid: randomUUID() })) {
        events.push(event);
        const runId = events[0]?.kind === 'accepted' ? events[0].runId : null;
        if (event.kind === 'delta')
          stopped ??= await gateway().interrupt(thread, what === 'the run' ? (runId ?? '') : undefined);
      }
      expect(stopped).toBe(true);
      expect(events.at(-1)).toEqual({ kind: 'ended', stopReason: 'cancelled', error: null });
      expect(events.filter((event) => event.kind === 'message')).toEqual([]);
      expect((await transcript(gateway(), id)).filter((message) => message.runId !== null)).toEqual([]);
      expect(await gateway().interrupt(thread)).toBe(false);
      const next = await say(gateway(), id, target().ask([{ kind: 'say', text: 'Still here.' }]));
      expect(next.messages.at(-1)?.content).toBe('Still here.');
    });

    it('lists runs from a moment on, the newest first', async () => {
      const id = await agent();
      const first = await say(gateway(), id, target().ask([{ kind: 'say', text: 'One.' }]));
      const second = await say(gateway(), id, target().ask([{ kind: 'say', text: 'Two.' }]));
      const runs = await gateway().listRuns(id, new Date(0));
      expect(runs.map((run) => run.id)).toEqual([second.runId, first.runId]);
      const [newest] = runs;
      const since = await gateway().listRuns(id, newest?.createdAt ?? new Date());
      expect(since.map((run) => run.id)).toEqual([second.runId]);
      expect(await gateway().listRuns(id, new Date(Date.now() + 60_000))).toEqual([]);
    });
  });

  const slowly = () => target().ask([{ kind: 'say', text: long, slowly: true }]);
}

function joined(deltas: Extract<TurnEvent, { kind: 'delta' }>[]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { delta } of deltas) {
    for (const [name, piece] of Object.entries(delta)) texts[name] = (texts[name] ?? '') + piece;
  }
  return texts;
}
