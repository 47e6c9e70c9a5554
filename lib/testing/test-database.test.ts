import { expect, test } from 'vitest';
import { createTestDatabase } from './test-database';

test('two test databases are migrated, empty and apart', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await one.prisma.workspace.create({
    data: { workspaceId: '0198c5a0-0000-7000-8000-000000000001', name: 'one', createdAt: new Date(0) },
  });
  expect(await one.prisma.workspace.count()).toBe(1);
  expect(await two.prisma.workspace.count()).toBe(0);
  await Promise.all([one.drop(), two.drop()]);
});

test('a database is dropped although a connection is lent out', async () => {
  const database = await createTestDatabase();
  const client = await database.pool.connect();
  const dropped = database.drop();
  await expect.poll(() => database.pool.totalCount).toBe(1);
  client.release(true);
  await dropped;
  await expect(database.pool.query('SELECT 1')).rejects.toThrow('after calling end');
});

test('times are UTC', () => {
  expect(new Date(0).getTimezoneOffset()).toBe(0);
  expect(new Date('2026-07-01T00:00:00').toISOString()).toBe('2026-07-01T00:00:00.000Z');
});
