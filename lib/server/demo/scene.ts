import { SetEdge } from '@/lib/protocol/conversation';
import { ServerName } from '@/lib/protocol/ids';

export const sandboxServer = ServerName.parse('sandbox');

/** What the agents of the walk-through are tagged with in the sandbox. */
export const DEMO_TAG = 'demo';

/** What Bob says to Alice is looked at. An hour: longer than usual, for a reader who has only just arrived. */
export const reviewedEdge = SetEdge.parse({ from: 'b', to: 'a', mode: 'review', expirySeconds: 3_600 });

/** What Alice is asked when the two have talked already, so that Bob has something to answer. */
export const askAgain = (otherAgentId: string): string =>
  'Would you write to them once more, in these words: “It is good to hear from you again. I keep coming back to what ' +
  `you said about perception. How are you feeling today?” Their ID is ${otherAgentId}.`;

/** The task that a simulated agent carries out for Alice, at a pace at which one can read along. */
export const demoTask = {
  command: '/sync-claude-md',
  purpose: 'Synchronize CLAUDE.md with command registry',
  context: 'Update documentation with latest metrics',
  priority: 'High',
  milestones: [
    'Registry analysis',
    'Usage metrics',
    'Pattern identification',
    'Outline',
    'Documentation generation',
    'Links and examples',
    'Validation and final sync',
  ],
  paceMs: 20_000,
} as const;
