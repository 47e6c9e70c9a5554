import { afterAll, beforeAll, expect, test } from 'vitest';
import { apart, type LettaApart, lettaApart } from '@/lib/testing/letta-apart';

let letta: LettaApart;

beforeAll(async () => {
  letta = await lettaApart();
}, 60_000);
afterAll(() => letta.close(), 60_000);

test('[LS1] that a server is back is told also where nothing could be recorded when it came', async () => {
  const { database, rt } = letta.t;
  const { pool } = database;
  await letta.goes();
  const recorded = async () => {
    const { rows } = await pool.query(
      'SELECT recorded, returned_at IS NOT NULL AS is_back FROM letta_server WHERE name = $1',
      [apart],
    );
    return rows[0];
  };
  await expect.poll(recorded, { timeout: 10_000 }).toMatchObject({ recorded: 'lost' });
  await pool.query(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE disk_full; END $$`);
  await pool.query(
    'CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON ledger_head FOR EACH ROW EXECUTE FUNCTION full_disk()',
  );
  await rt.ledger.check();
  await expect.poll(() => rt.ledger.unavailable(), { timeout: 10_000 }).not.toBeNull();
  await letta.comes();
  await pool.query('DROP TRIGGER full_disk ON ledger_head');
  await expect.poll(() => rt.ledger.unavailable(), { timeout: 10_000 }).toBeNull();
  await expect.poll(recorded, { timeout: 10_000 }).toEqual({ recorded: 'connected', is_back: true });
}, 90_000);
