import { afterAll, beforeAll, expect, test } from 'vitest';
import { SeatId } from '@/lib/protocol/ids';
import { ADMIN_KEY } from '@/lib/testing/access-runtime';
import { sandboxTalk } from '@/lib/testing/sandbox-talk';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';

let api: ServedApi;
let id: string;
const a = SeatId.parse('a');
const { agent, listener, open, rest, say } = sandboxTalk(() => api.t);

beforeAll(async () => {
  api = await serveApi();
  const bob = await listener('Bob *the* builder', [{ say: 'Grüße zurück, Äpfel <b>sind</b> da\n```\n# nicht' }]);
  const alice = await agent('Alice');
  const talk = await open([alice, bob]);
  const call = {
    tool: 'send_message_to_agent_async',
    arguments: { message: 'Haben wir "Äpfel"?', other_agent_id: bob },
  };
  await say(talk, a, [{ reason: 'I wonder about fruit', call }, { say: 'asked him' }]);
  await rest(talk);
  id = talk.id;
});
afterAll(() => api.close());

const get = (path: string) =>
  fetch(`${api.url}/api/conversations/${id}${path}`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
type Found = { items: { seq: number; streamSeq: number; type: string }[]; next: string | null };
const search = async (q: string, more = ''): Promise<Found> =>
  (await get(`/entries?q=${encodeURIComponent(q)}${more}`)).json();

test('[CV50] words are found in what was said, reasoned, called and returned, in capitals or not', async () => {
  expect((await search('ABOUT FRUIT')).items.map(({ type }) => type)).toEqual(expect.arrayContaining(['message.seen']));
  const apples = await search('äpfel');
  expect(apples.items.length).toBeGreaterThanOrEqual(4);
  expect(apples.items.map(({ streamSeq }) => streamSeq)).toEqual(
    apples.items.map(({ streamSeq }) => streamSeq).toSorted((one, other) => one - other),
  );
  expect((await search('Successfully sent')).items.length).toBeGreaterThan(0);
  expect((await search('"Äpfel"?')).items.length).toBeGreaterThan(0);
  expect((await search('message_type')).items).toEqual([]);
  expect((await search('%')).items).toEqual([]);
  expect((await get('/entries?q=')).status).toBe(400);
});

test('[CV50] what was found is the same whatever the size of its pages, either way', async () => {
  const whole = (await search('e', '&limit=500')).items;
  expect(whole.length).toBeGreaterThan(5);
  const forwards: unknown[] = [];
  for (let after: string | null = '0'; after !== null; ) {
    const page: Found = await search('e', `&limit=2&after=${after}`);
    forwards.push(...page.items);
    after = page.next;
  }
  expect(forwards).toEqual(whole);
  const backwards: unknown[] = [];
  for (let before: string | null = '100000'; before !== null; ) {
    const page: Found = await search('e', `&limit=2&before=${before}`);
    backwards.unshift(...page.items);
    before = page.next;
  }
  expect(backwards).toEqual(whole);
});

test('[CV51] the whole conversation is taken along as JSON', async () => {
  const response = await get('/transcript?format=json');
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(response.headers.get('content-disposition')).toContain(`conversation-${id}.json`);
  const { items } = await (await get('/entries?limit=500')).json();
  expect(await response.json()).toMatchObject({ conversation: { id }, entries: items });
});

test('[CV51] [CV52] and as Markdown, in which what agents wrote is text', async () => {
  const response = await get('/transcript');
  expect(response.headers.get('content-type')).toMatch(/^text\/markdown/);
  const text = await response.text();
  expect(text).toContain('# Alice and Bob \\*the\\* builder');
  expect(text).toContain('````text\nGrüße zurück, Äpfel <b>sind</b> da\n```\n# nicht\n````');
  expect((await get('/transcript?format=pdf')).status).toBe(400);
});
