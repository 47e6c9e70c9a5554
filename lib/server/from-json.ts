import { z } from 'zod';

/** JSON in a text, for a schema to follow: `FromJson.pipe(Schema)`. What is no JSON is an issue like any other. */
export const FromJson = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    context.addIssue({ code: 'custom', message: 'not JSON' });
    return z.NEVER;
  }
});
