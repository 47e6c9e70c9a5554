import { describe, expect, it } from 'vitest';
import type { AgentId } from '@/lib/protocol/ids';
import type { TailedMessage } from './gateway';
import type { Bench } from './gateway-contract-target';
import { eventually, say } from './gateway-contract-turn';

const tool = 'send_message_to_agent_async';

/** Messages that the engine carries by itself, when no call of its messaging tools has to wait. */
export function describeCarriage({ target, gateway, agent }: Bench): void {
  describe('messages that the engine carries', () => {
    it('reach the other agent, and both ends are seen in the tail', async () => {
      const [alice, bob] = await Promise.all([agent({ tools: [tool] }), agent()]);
      const { cursor } = await gateway().tail(null, 200);
      const letter = `hello bob. ${target().ask([{ kind: 'say', text: 'Hello Alice.' }])}`;
      const call = { tool, arguments: { message: letter, other_agent_id: bob } };
      const turn = await say(gateway(), alice, target().ask([{ kind: 'call', calls: [call] }]));
      expect(turn.messages.map((message) => message.messageType).slice(0, 2)).toEqual([
        'tool_call_message',
        'tool_return_message',
      ]);
      expect(turn.messages[1]?.toolReturn).toMatchObject({
        status: 'success',
        text: expect.stringMatching(/success/i),
      });

      const told: TailedMessage[] = [];
      let place = cursor;
      const of = (id: AgentId) => told.filter((each) => each.agentId === id).map((each) => each.message);
      await eventually(
        async () => {
          const page = await gateway().tail(place, 200);
          place = page.cursor;
          told.push(...page.messages);
          return of(bob).length;
        },
        (count) => count >= 2,
      );
      const [heard, said] = of(bob);
      expect(heard).toMatchObject({ messageType: 'system_message', senderId: null });
      expect(heard?.content).toContain(`[Incoming message from agent with ID '${alice}'`);
      expect(heard?.content).toContain(letter);
      expect(said).toMatchObject({ messageType: 'assistant_message', content: 'Hello Alice.' });
      expect(heard?.runId).not.toBe(turn.runId);
      expect(of(alice).map((message) => message.messageType)).toEqual(
        expect.arrayContaining(['user_message', 'tool_call_message', 'tool_return_message']),
      );
    }, 60_000);
  });
}
