import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { system } from '@/lib/protocol/actor';
import { conversationStream } from '@/lib/protocol/stream';
import { note, openTestLedger, type TestLedger } from '@/lib/testing/test-ledger';
import { verifyExport } from './verify-export';

let t: TestLedger;
const talk = conversationStream(randomUUID());

beforeAll(async () => {
  t = await openTestLedger();
  for (let round = 0; round < 3; round += 1) {
    await t.ledger.record(t.workspaceId, system, [note(talk), note(conversationStream(randomUUID())), note(talk)]);
    await t.checkpoints.sign();
  }
});
afterAll(() => t.close());

const exported = async (stream?: typeof talk) => (await t.exportText(stream)).trimEnd().split('\n');

async function* each(lines: readonly string[]) {
  yield* lines;
}

const fault = (lines: readonly string[], ...keys: string[]) =>
  verifyExport(each(lines), keys).then(
    () => 'holds',
    (error: unknown) => String(error),
  );

test('[PR15] an export that holds is verified by its lines alone, whole or in part', async () => {
  const lines = await exported();
  const { size, vkey, origin } = JSON.parse(lines[0] ?? '');
  const found = { kind: 'full', origin, vkey, size, entries: size, redacted: 0 };
  expect(await verifyExport(each(lines), [vkey])).toMatchObject(found);
  const part = await verifyExport(each(await exported(talk)));
  expect(part).toMatchObject({ kind: 'partial', entries: 6, checkpoints: 1 });
});

test('[PR15] whatever was changed, left out or put in is found', async () => {
  const lines = await exported();
  const at = lines.findIndex((line) => line.includes('"type\\":\\"unknown\\"'));
  const first = lines.findIndex((line) => line.startsWith('{"checkpoint"'));
  const change = (index: number, from: string | RegExp, to: string) =>
    lines.map((line, each) => (each === index ? line.replace(from, to) : line));
  expect(await fault(lines)).toBe('holds');
  expect(await fault(lines.toSpliced(at, 1))).toContain('comes after');
  expect(await fault(lines.toSpliced(at, 0, lines[at] ?? ''))).toContain('comes after');
  expect(await fault(change(at, '"payload":"{', '"payload":"{ '))).toContain('is not the one that was committed to');
  expect(await fault(change(at, 'unknown', 'unknowm'))).toContain('is not that of its envelope');
  expect(await fault(change(at, /"payload":.*"salt"/, '"payload":null,"salt"'))).toContain(
    'only one of payload and salt',
  );
  expect(await fault(change(at, /"payload":.*}$/, '"payload":null,"salt":null}'))).toContain('no entry says why');
  expect(await fault(change(at, /}$/, ',"note":1}'))).toContain('not what an export holds');
  expect(await fault(change(first, /\\n\d+\\n/, '\\n2\\n'))).toContain('did not sign');
  expect(await fault(lines.slice(0, -1))).toContain('its last checkpoint');
  expect(await fault(lines.slice(0, first))).toContain('its last checkpoint');
  expect(await fault([])).toContain('it is empty');
  expect(await fault(['x'])).toContain('line 1: it is no JSON');
  expect(await fault(lines, 'another+00000000+AAAA')).toContain('not by the key given');
});

test('[PR15] the log of another, and a part with the path of another entry, do not hold', async () => {
  const other = await openTestLedger();
  await other.ledger.record(other.workspaceId, system, [note(talk)]);
  const [head = ''] = (await other.exportText()).split('\n');
  await other.close();
  const lines = await exported();
  const vkey = JSON.stringify(JSON.parse(head).vkey);
  expect(await fault([(lines[0] ?? '').replace(/"vkey":"[^"]*"/, `"vkey":${vkey}`), ...lines.slice(1)])).toContain(
    'entry 1 does not name the key',
  );
  const part = await exported(talk);
  const paths = part.slice(1, 3).map((line) => /"path":.*/.exec(line)?.[0] ?? '');
  const swapped = part.with(1, (part[1] ?? '').replace(/"path":.*/, paths[1] ?? ''));
  expect(await fault(swapped)).toContain('is not in the log that was signed');
});
