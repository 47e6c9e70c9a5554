import { z } from 'zod';

/**
 * Name of one ordered line of entries: `conversation:<uuid>`, `task:<id>`, or one of the fixed ones.
 * `streamSeq` counts within it, gapless from 1.
 */
export const Stream = z
  .string()
  .max(240)
  .regex(/^(conversation:[0-9a-f-]{36}|task:[A-Za-z0-9._:-]{1,200}|inbox|fleet|system)$/, 'no such kind of stream')
  .refine(
    (stream) => !/^task:[0-9a-f-]{36}$/i.test(stream) || stream === stream.toLowerCase(),
    'ids stand in lower case',
  )
  .brand('Stream');
export type Stream = z.infer<typeof Stream>;

export const fleetStream = Stream.parse('fleet');
export const inboxStream = Stream.parse('inbox');
export const systemStream = Stream.parse('system');
export const conversationStream = (conversationId: string): Stream => Stream.parse(`conversation:${conversationId}`);
export const taskStream = (taskId: string): Stream => Stream.parse(`task:${taskId}`);
