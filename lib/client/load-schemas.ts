import type { answerSchemas } from './answer-schemas';

/** By what answers are read. A page whose document brings what it shows needs none of it to be drawn. */
export type AnswerSchemas = typeof answerSchemas;

let coming: Promise<AnswerSchemas> | null = null;

/** For pages that show nothing before they have an answer: they bring the schemas along (schemas-at-hand.ts). */
export function giveSchemas(schemas: AnswerSchemas): void {
  coming = Promise.resolve(schemas);
}

/** The schemas of answers, a file of its own. Rejects where it cannot be loaded; asked again, that is tried again. */
export function loadSchemas(): Promise<AnswerSchemas> {
  coming ??= import('./answer-schemas').then(
    (module) => module.answerSchemas,
    (error: unknown) => {
      coming = null;
      throw error;
    },
  );
  return coming;
}
