import type { WireEntry } from '@/lib/protocol/entry';
import { fleetStream, systemStream } from '@/lib/protocol/stream';
import { agentsQuery } from './agent-queries';
import { conversationsQuery } from './conversation-queries';
import { gatesQuery } from './gate-queries';
import { lettaServersQuery } from './letta-servers-query';
import type { LiveInvalidation } from './live-cache';
import { settingsQuery } from './settings-query';

const about =
  (...beginnings: string[]) =>
  ({ type }: WireEntry) =>
    beginnings.some((beginning) => type.startsWith(beginning));

/** Which lists are loaded again by what happens in the streams that every page watches. */
export const liveLists: readonly LiveInvalidation[] = [
  { streams: [fleetStream], queryKeys: [agentsQuery.queryKey] },
  // Told by summaries from then on (conversation-summaries.ts).
  { streams: [fleetStream], queryKeys: [conversationsQuery.queryKey], when: () => false },
  { streams: [fleetStream], queryKeys: [gatesQuery.queryKey], when: about('agent.') },
  {
    streams: [systemStream],
    queryKeys: [lettaServersQuery.queryKey, agentsQuery.queryKey],
    when: about('letta.', 'letta_server.'),
  },
  { streams: [systemStream], queryKeys: [settingsQuery.queryKey], when: about('setting.') },
  {
    streams: [systemStream],
    queryKeys: [
      ['live', 'people'],
      ['live', 'invitations'],
    ],
    when: about('person.', 'invitation.', 'session.'),
  },
  { streams: [systemStream], queryKeys: [['live', 'keys']], when: about('key.') },
];
