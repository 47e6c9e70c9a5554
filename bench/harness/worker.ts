import { fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';

const Answer = z.union([z.object({ answer: z.unknown() }), z.object({ error: z.string() })]);

/** A TypeScript program in a process of its own that carries out one order after another. */
export type Worker = {
  /** Resolves with the answer, parsed by `schema`; throws what went wrong there. */
  ask<Schema extends z.ZodType>(order: object, schema: Schema): Promise<z.infer<Schema>>;
  stop(): Promise<void>;
};

export function startWorker(program: string): Worker {
  const child = fork(program, { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
  const died = once(child, 'exit').then(() => {
    throw new Error(`${program} ended`);
  });
  died.catch(() => undefined); // heard where something is asked
  return {
    async ask(order, schema) {
      child.send(order);
      const [message] = await Promise.race([once(child, 'message'), died]);
      const told = Answer.parse(message);
      if ('error' in told) throw new Error(told.error);
      return schema.parse(told.answer);
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
