import type { Conveyance } from '@/lib/protocol/conversation';

/** How each way of conveyance is called, and what it means for the agents. */
export const conveyanceWords: Record<Conveyance, { short: string; detail: string }> = {
  tool: {
    short: 'Carried by Parley',
    detail: 'The agents call Letta’s messaging tools; the call stops here, and Parley delivers it.',
  },
  engine: {
    short: 'Delivered by Letta',
    detail: 'The agents’ messages go through Letta by themselves; Parley watches.',
  },
  relay: {
    short: 'Relayed',
    detail: 'Parley carries each finished message to the next seat, round in their order; no tools are needed.',
  },
};

const choice = (value: Conveyance) => ({
  value,
  label: conveyanceWords[value].short,
  detail: conveyanceWords[value].detail,
});

/** All of them, to choose from. */
export const conveyances = [choice('tool'), choice('relay'), choice('engine')];
