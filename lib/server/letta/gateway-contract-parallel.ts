import { describe, expect, it } from 'vitest';
import { callsOf, returnsOf } from '@/lib/protocol/message-calls';
import type { Bench } from './gateway-contract-target';
import { answer, comparable, defaultThread, say, transcript } from './gateway-contract-turn';

const free = {
  tool: 'core_memory_replace',
  arguments: { label: 'notes', old_content: 'nothing', new_content: 'something' },
};
const guarded = (content: string) => ({ tool: 'core_memory_append', arguments: { label: 'notes', content } });

/** Several calls in one step: told as the engine keeps them, waiting together, answered together. */
export function describeParallelCalls({ target, gateway, agent }: Bench): void {
  const spread = async (calls: { tool: string; arguments: Record<string, string> }[], parallel: boolean) => {
    const id = await agent({ tools: ['core_memory_replace'], approve: ['core_memory_append'] });
    if (parallel) await target().allowParallelCalls(id);
    const moves = [
      { kind: 'call' as const, calls, text: 'All at once.' },
      { kind: 'say' as const, text: 'All done.' },
    ];
    return { id, turn: await say(gateway(), id, target().ask(moves)) };
  };

  describe('parallel calls', () => {
    it('tells free calls and their returns together', async () => {
      const id = await agent({ tools: ['core_memory_replace', 'core_memory_append'] });
      await target().allowParallelCalls(id);
      const calls = [free, guarded('more')];
      const turn = await say(
        gateway(),
        id,
        target().ask([
          { kind: 'call', calls },
          { kind: 'say', text: 'Both.' },
        ]),
      );
      const [called, returned, said] = turn.messages;
      expect((called ? callsOf(called) : []).map((call) => call.name)).toEqual([free.tool, 'core_memory_append']);
      expect(said?.content).toBe('Both.');
      const returns = returned ? returnsOf(returned) : [];
      expect(returns.map((each) => [each.toolCallId, each.status])).toEqual(
        (called ? callsOf(called) : []).map((call) => [call.toolCallId, 'success']),
      );
      expect((await transcript(gateway(), id)).slice(-3).map(comparable)).toEqual(turn.messages.map(comparable));
    });

    it('lets guarded calls wait together, and takes all answers or none', async () => {
      const { id, turn } = await spread([free, guarded('one'), guarded('two')], true);
      expect(turn.stopReason).toBe('requires_approval');
      expect(turn.messages.map((message) => message.messageType)).toEqual([
        'assistant_message',
        'tool_call_message',
        'approval_request_message',
      ]);
      const request = turn.messages.at(-1);
      const waiting = request ? callsOf(request) : [];
      expect(waiting.map((call) => JSON.parse(call.arguments).content)).toEqual(['one', 'two']);
      expect((await transcript(gateway(), id)).slice(-3).map(comparable)).toEqual(turn.messages.map(comparable));
      const [one = '', two = ''] = waiting.map((call) => call.toolCallId);

      await expect(answer(gateway(), id, [{ kind: 'approve', toolCallId: one }])).rejects.toMatchObject({
        code: 'request.invalid',
        message: expect.stringContaining(two),
      });
      expect(await gateway().findPendingApproval(defaultThread(id))).not.toBeNull();

      const answered = await answer(gateway(), id, [
        { kind: 'approve', toolCallId: one },
        { kind: 'deny', toolCallId: two, reason: 'one is enough' },
      ]);
      const [returned, said] = answered.messages;
      const returns = new Map((returned ? returnsOf(returned) : []).map((each) => [each.toolCallId, each]));
      expect(returns.size).toBe(3);
      expect(returns.get(one)).toMatchObject({ status: 'success' });
      expect(returns.get(two)).toMatchObject({ status: 'error', text: expect.stringContaining('one is enough') });
      expect(said?.content).toBe('All done.');
      const notes = (await gateway().findAgent(id))?.blocks[0]?.value ?? '';
      expect([/something/, /one/, /two/].map((each) => each.test(notes))).toEqual([true, true, false]);
    });

    it('tells only the call that an engine without parallel calls keeps', async () => {
      const { id, turn } = await spread([free, guarded('dropped')], false);
      expect(turn.stopReason).toBe('end_turn');
      expect(turn.messages.map((message) => message.messageType)).toEqual([
        'assistant_message',
        'tool_call_message',
        'tool_return_message',
        'assistant_message',
      ]);
      expect((await transcript(gateway(), id)).slice(-4).map(comparable)).toEqual(turn.messages.map(comparable));
    });

    it('tells only the guarded call that it keeps', async () => {
      const { id, turn } = await spread([guarded('kept'), guarded('dropped')], false);
      const request = turn.messages.at(-1);
      const [only, ...others] = request ? callsOf(request) : [];
      expect(others).toEqual([]);
      const answered = await answer(gateway(), id, [{ kind: 'approve', toolCallId: only?.toolCallId ?? '' }]);
      expect(answered.messages.at(-1)?.content).toBe('All done.');
    });
  });
}
