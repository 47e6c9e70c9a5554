import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTestDatabase } from '@/lib/testing/test-database';
import { jsonOfText } from './json-of-text';

test('[CV35] a member of a JSON text can be asked for, whatever U+0000 stands in it, which reads as U+2400', async () => {
  const database = await createTestDatabase(1);
  const pieces = fc.constantFrom('\0', '\\', '\\u0000', 'u0000', '"', 'a', '\u2400');
  const text = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(text, async (said) => {
      const { rows } = await database.pool.query<{ why: string; said: string }>(
        `SELECT ${jsonOfText('kept')}->>'why' AS why, ${jsonOfText('kept')}->>'said' AS said FROM (SELECT $1::text AS kept) one`,
        [JSON.stringify({ said, why: 'accepted' })],
      );
      expect(rows).toEqual([{ why: 'accepted', said: said.replaceAll('\0', '\u2400') }]);
    }),
  );
  await database.drop();
});
