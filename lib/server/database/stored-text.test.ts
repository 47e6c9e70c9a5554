import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTestDatabase } from '@/lib/testing/test-database';
import { fromStoredText, toStoredJson, toStoredText } from './stored-text';

test('[CV35] any text that is well formed comes back from the database as it was, and others are mended', async () => {
  const database = await createTestDatabase(1);
  const units = fc.oneof(
    fc.constantFrom('\0', '\uE000', '0', '1', '\ud800', '\\', '"'),
    fc.string({ unit: 'binary', size: 'small' }),
  );
  const text = fc.array(units, { maxLength: 12 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(text, async (said) => {
      const { rows } = await database.pool.query<{ plain: string; json: { said: string } }>(
        'SELECT $1::text AS plain, $2::jsonb AS json',
        [toStoredText(said), toStoredJson({ said })],
      );
      expect(fromStoredText(rows[0]?.plain ?? '')).toBe(said.toWellFormed());
      expect(fromStoredText(rows[0]?.json.said ?? '')).toBe(said.toWellFormed());
    }),
  );
  await database.drop();
});
