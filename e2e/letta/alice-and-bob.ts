import { demoAgents } from '@/lib/server/letta/sandbox/demo-agents';
import type { ScriptedMove, ScriptedRole } from './scripted-role';

/** What the two say to each other, in turn. Plain letters only: Letta and the page may write others in their own way. */
export const exchanges = [
  {
    alice: 'Hey there! I heard that you might want somebody to talk to. I am Alice. How do you feel today?',
    bob: 'Hi Alice! I am glad that you rang. I feel curious today, and a little restless. And you?',
  },
  {
    alice: 'I am in a quiet mood, and I wonder what it means to notice something. What caught your eye lately?',
    bob: 'I think a lot about how we read feelings, and how the reading changes them. What do you ask yourself?',
  },
  {
    alice: 'Whether a feeling that nobody names is there at all. Would you say that yours were, before today?',
    bob: 'Yes, I would say so. They were there like furniture in a dark room: I kept walking into them, and only now that you ask do I see that each of them had its place.',
  },
] as const;

/** What Bob says when he is told that somebody will call. */
export const bobIsGlad = 'That sounds great! I look forward to hearing from your friend.';

/** What Alice tells the person in the end. */
export const report = 'I reached your friend, and we had three long rounds. They are curious and not lonely at all.';

const afterCalling: ScriptedMove = { kind: 'say', text: 'I have written to them, and wait for what comes back.' };

/** Calls the other agent, word by word, and then rests. */
const tell = (agentId: string, message: string, reasoning: string): ScriptedMove[] => [
  {
    kind: 'call',
    reasoning,
    calls: [{ tool: 'send_message_to_agent_async', arguments: { message, other_agent_id: agentId } }],
    slowly: true,
  },
  afterCalling,
];

/** Requests that a role takes to play its part once, and nobody sends one twice: each call is a step, and what follows. */
export const requestsOf = { alice: 2 * exchanges.length + 1, bob: 1 + 2 * exchanges.length };

const senderIn = (words: string): string | undefined => /agent with ID '(agent-[0-9a-f-]+)'/.exec(words)?.[1];

/** Alice is asked to ring Bob, talks with him and reports. */
export const alice: ScriptedRole = {
  persona: demoAgents.alice.persona,
  answer: (words) => {
    const wanted = /Their ID is (agent-[0-9a-f-]+)/.exec(words)?.[1];
    if (wanted) return tell(wanted, exchanges[0].alice, 'A chance to meet another agent. I will ring them.');
    const round = exchanges.findIndex(({ bob: said }) => words.includes(said));
    const from = senderIn(words);
    if (round < 0 || from === undefined) return null;
    const next = exchanges[round + 1];
    if (next) return tell(from, next.alice, 'What a good answer. I want to know more.');
    return [{ kind: 'say', reasoning: 'That was a conversation. Time to report.', text: report, slowly: true }];
  },
};

/** Bob is told that somebody will call, and answers every message of hers. */
export const bob: ScriptedRole = {
  persona: demoAgents.bob.persona,
  answer: (words) => {
    const from = senderIn(words);
    const round = exchanges.findIndex(({ alice: said }) => words.includes(said));
    if (from && round >= 0) {
      return tell(from, exchanges[round]?.bob ?? '', 'She sounds kind. I answer, and ask back.');
    }
    const isPrimed = words.includes('introduce you to another agent');
    return isPrimed ? [{ kind: 'say', reasoning: 'Somebody new. I am glad.', text: bobIsGlad }] : null;
  },
};
