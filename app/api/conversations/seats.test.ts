import { afterAll, beforeAll, expect, test } from 'vitest';
import { Conversation } from '@/lib/protocol/conversation';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';

let api: ServedApi;
let made = 0;

beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

async function open(): Promise<string> {
  const seats: { agentId: string }[] = [];
  for (const name of ['Alice', 'Bob']) {
    made += 1;
    const agent = await api.by.admin.ask('POST', '/api/agents', { name: `${name} ${made}`, server: 'sandbox' });
    seats.push({ agentId: String(agent.body['id']) });
  }
  return Conversation.parse((await api.by.operator.ask('POST', '/api/conversations', { seats })).body).id;
}
const seatPath = (id: string, seat = 'b') => `/api/conversations/${id}/seats/${seat}/takeover`;

test('[SE2] a viewer takes no seat; of two people at once one gets it, and the other is told who', async () => {
  const id = await open();
  expect((await api.by.viewer.ask('POST', seatPath(id))).status).toBe(403);
  expect((await api.by.admin.ask('POST', seatPath(id, 'z'))).body).toMatchObject({ error: { code: 'seat.not_found' } });
  const both = await Promise.all([api.ada.ask('POST', seatPath(id)), api.by.reviewer.ask('POST', seatPath(id))]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  const [taken, refused] = both.toSorted((one, other) => one.status - other.status);
  const holder = Conversation.parse(taken?.body).seats[1]?.holder;
  expect(refused?.body).toMatchObject({
    error: { code: 'seat.taken', message: expect.stringContaining(`${holder?.name} sits in`) },
  });
});

test('[SE1] the lease is ten minutes unless it is said otherwise', async () => {
  const id = await open();
  const until = async (body?: object) => {
    const taken = Conversation.parse((await api.ada.ask('POST', seatPath(id), body)).body);
    return Date.parse(taken.seats[1]?.holder?.until ?? '') - Date.now();
  };
  expect(await until()).toBeGreaterThan(590_000);
  expect(await until({ leaseSeconds: 60, reason: 'a minute more' })).toBeLessThan(61_000);
  expect((await api.ada.ask('POST', seatPath(id), { leaseSeconds: 0 })).body).toMatchObject({
    error: { code: 'request.invalid', fields: { leaseSeconds: expect.any(String) } },
  });
});

test('[SE6] words are answered 202 when they are recorded, and refused to whoever does not hold the seat', async () => {
  const id = await open();
  const path = `/api/conversations/${id}/messages`;
  const words = { as: 'b', content: 'One thing first' };
  expect(await api.ada.ask('POST', path, words)).toMatchObject({
    status: 409,
    body: { error: { code: 'seat.not_held' } },
  });
  await api.ada.ask('POST', seatPath(id));
  expect(await api.by.reviewer.ask('POST', path, words)).toMatchObject({
    status: 409,
    body: { error: { code: 'seat.taken' } },
  });
  expect(await api.ada.ask('POST', path, words)).toMatchObject({
    status: 202,
    body: { type: 'message.spoken', payload: { as: 'b', content: 'One thing first' } },
  });
  for (const wrong of [{ content: 'to nobody' }, { ...words, deliver: 'next_step' }]) {
    expect((await api.ada.ask('POST', path, wrong)).status).toBe(400);
  }
});

test('[SE8] a seat is handed back by its holder or an admin, and by nobody else', async () => {
  const id = await open();
  expect((await api.ada.ask('DELETE', seatPath(id))).body).toMatchObject({ error: { code: 'seat.not_held' } });
  await api.ada.ask('POST', seatPath(id));
  expect((await api.by.reviewer.ask('DELETE', seatPath(id))).status).toBe(403);
  const back = await api.by.admin.ask('DELETE', seatPath(id), { summary: 'Go on.' });
  expect(back.status).toBe(200);
  expect(Conversation.parse(back.body).seats[1]?.holder).toBeNull();
});
