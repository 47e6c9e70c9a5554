/** Letta's own messaging tools. In conveyance `tool` Parley carries their calls. */
export const messagingTools = [
  'send_message_to_agent_async',
  'send_message_to_agent_and_wait_for_reply',
  'send_message_to_agents_matching_tags',
] as const;
export type MessagingTool = (typeof messagingTools)[number];
export const isMessagingTool = (name: string): name is MessagingTool =>
  (messagingTools as readonly string[]).includes(name);
