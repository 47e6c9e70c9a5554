import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Task, TaskMessage } from '@/lib/protocol/task';
import type { AgentPush } from '@/lib/protocol/task-socket';
import { createAgentLink } from '@/lib/server/live/agent-link';
import { liveLimits } from '@/lib/server/live/live-limits';
import { askForTaskMessages } from '@/lib/server/tasks/ask-for-task-messages';
import { streamTask } from '@/lib/server/tasks/stream-task';
import { seedReports } from '@/lib/testing/seed-reports';
import { type ServedSockets, serveSockets } from '@/lib/testing/serve-sockets';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';
import { program } from '@/lib/testing/visitor';

let api: ServedApi;
let sockets: ServedSockets;
const [introduction, progress, milestone] = seedReports;
const never = new AbortController().signal;

beforeAll(async () => {
  api = await serveApi();
  sockets = await serveSockets(api.t.rt);
});
afterEach(() => sockets.disconnectAll());
afterAll(async () => {
  await sockets.close();
  await api.close();
});

const makeTask = async () => Task.parse((await api.by.operator.ask('POST', '/api/tasks', { command: '/sync' })).body);
const makeKey = async (bound: object) => {
  const { body } = await api.by.admin.ask('POST', '/api/keys', { name: 'an agent', audience: 'agent', ...bound });
  return { id: String(body['id']), text: String(body['key']) };
};
const connect = (token: string) => sockets.connect('/agent', { token });
const connected = (token: string, transports?: string[]) => sockets.connected('/agent', { token }, transports);
const say = (socket: Socket, task: Task, message: unknown) =>
  socket.timeout(5_000).emitWithAck('message', { taskId: task.id, message });
const next = (socket: Socket, event: string) =>
  new Promise<{ taskId: string; message: Record<string, unknown> }>((resolve) =>
    socket.once(event, (push, receipt) => {
      receipt();
      resolve(push);
    }),
  );
const instruct = (task: Task, content: string) =>
  api.by.reviewer.ask('POST', `/api/tasks/${task.id}/instructions`, { content });
const receipts = async (task: Task) => {
  const { body } = await api.by.viewer.ask('GET', `/messages/task/${task.id}`);
  return TaskMessage.array().parse(body['items']);
};
const status = async (task: Task) => (await receipts(task)).map((message) => message.status);

describe('the namespace of agents', () => {
  test.each([['websocket'], ['polling']])(
    '[TK28] a report by %s is answered in its ack as over HTTP, and a repetition as before',
    async (transport) => {
      const task = await makeTask();
      const socket = await connected((await makeKey({ taskIds: [task.id] })).text, [transport]);
      expect(await say(socket, task, introduction)).toMatchObject({
        ok: true,
        answer: { type: 'STATUS_ACKNOWLEDGED', acknowledged_message: 'INITIALIZATION' },
        instructions: [],
      });
      expect(await say(socket, task, introduction)).toMatchObject({ ok: true });
      expect(await say(socket, task, { ...progress, progress_percentage: 200 })).toMatchObject({
        ok: false,
        error: { code: 'request.invalid', fields: { progress_percentage: expect.any(String) } },
      });
      expect((await api.by.viewer.ask('GET', `/api/tasks/${task.id}`)).body).toMatchObject({
        counts: { reports: 1, refused: 1 },
      });
    },
  );

  test('[TK28] what is no report, too deep, or for another task is answered so, and never with a fault', async () => {
    const [task, other] = [await makeTask(), await makeTask()];
    const socket = await connected((await makeKey({ taskIds: [task.id] })).text);
    const deep = JSON.parse(`${'['.repeat(80)}${']'.repeat(80)}`);
    for (const request of [null, 1, 'x', {}, { taskId: 'x' }, { taskId: task.id, message: deep }]) {
      expect(await socket.timeout(5_000).emitWithAck('message', request)).toMatchObject({
        ok: false,
        error: { code: 'request.invalid' },
      });
    }
    expect(await say(socket, other, introduction)).toMatchObject({ ok: false, error: { code: 'auth.forbidden' } });
    expect(await say(socket, task, { ...introduction, context: 'a \ud800 b' })).toMatchObject({ ok: true });
  });

  test('[TK28] who leaves before its report is answered keeps nothing of what comes next from who is there', async () => {
    const task = await makeTask();
    const link = createAgentLink(api.t.rt, liveLimits);
    const caller = await link.admit({ headers: {}, auth: { token: (await makeKey({ taskIds: [task.id] })).text } });
    const pushed: AgentPush['message'][] = [];
    const stays = link.join(caller, {
      push: async (_event, { message }) => pushed.push(message) > 0,
      end: () => undefined,
    });
    await new Promise((resolve) => stays.heartbeat({ taskId: task.id }, resolve));
    const leaves = link.join(caller, { push: async () => false, end: () => undefined });
    const answered = new Promise((resolve) => leaves.message({ taskId: task.id, message: introduction }, resolve));
    leaves.leave();
    expect(await answered).toMatchObject({ ok: true });
    await instruct(task, 'Use the cache');
    await expect.poll(() => pushed).toMatchObject([{ type: 'x-INSTRUCTION', content: 'Use the cache' }]);
    link.stop();
  });

  test.each([['websocket'], ['polling']])(
    '[TK28] by %s a message may have 256 KiB, as over HTTP; a larger one is refused, and the socket stays',
    async (transport) => {
      const task = await makeTask();
      const socket = await connected((await makeKey({ taskIds: [task.id] })).text, [transport]);
      const tooLarge = { ok: false, error: { code: 'request.too_large', fields: { message: 'at most 256 KiB' } } };
      for (const context of ['x'.repeat(257 * 1024), 'ü'.repeat(129 * 1024)]) {
        expect(await say(socket, task, { ...introduction, context })).toMatchObject(tooLarge);
      }
      expect(await say(socket, task, { ...introduction, context: 'x'.repeat(255 * 1024) })).toMatchObject({ ok: true });
      expect(socket.connected).toBe(true);
    },
  );

  test('[TK43] [TK28] whoever made a sub-task hears what is said to its agent, from the beginning', async () => {
    const parent = await makeTask();
    const { text } = await makeKey({ taskIds: [parent.id] });
    const body = { command: '/a-part', parentTaskId: parent.id };
    const part = Task.parse((await program(api.url, text).ask('POST', '/api/tasks', body)).body);
    const others = Task.parse((await api.by.operator.ask('POST', '/api/tasks', body)).body);
    const heard: string[] = [];
    const socket = connect(text);
    socket.on('instruction', ({ taskId }) => heard.push(taskId));
    for (const task of [others, part]) await instruct(task, 'Europe first');
    await expect.poll(() => heard).toEqual([part.id]);
    expect(await status(others)).toEqual(['queued']);
    const deep = JSON.parse(`${'['.repeat(80)}"x"${']'.repeat(80)}`);
    expect(await say(socket, part, deep)).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    expect((await api.by.viewer.ask('GET', `/api/tasks/${part.id}`)).body).toMatchObject({ counts: { refused: 1 } });
  });

  test('[TK28] instructions and controls go out at once; the client’s ack is the receipt', async () => {
    const task = await makeTask();
    const socket = await connected((await makeKey({ taskIds: [task.id] })).text);
    await say(socket, task, introduction);
    const told = next(socket, 'instruction');
    await instruct(task, 'Europe first');
    expect(await told).toMatchObject({ taskId: task.id, message: { type: 'x-INSTRUCTION', content: 'Europe first' } });
    await expect.poll(() => status(task)).toEqual(['acknowledged']);
    const paused = next(socket, 'control');
    await api.by.reviewer.ask('POST', `/api/tasks/${task.id}/control`, { action: 'PAUSE' });
    expect(await paused).toMatchObject({ message: { type: 'x-CONTROL', action: 'PAUSE' } });
    const answer = await say(socket, task, progress);
    expect(answer).toMatchObject({ ok: true, answer: { continue_execution: false }, instructions: [] });
  });

  test('[TK28] an agent that gives no receipts hears what comes next at once', async () => {
    const task = await makeTask();
    const socket = await connected((await makeKey({ taskIds: [task.id] })).text);
    await say(socket, task, introduction);
    await say(socket, task, progress);
    const heard: unknown[] = [];
    for (const event of ['instruction', 'control']) {
      socket.on(event, ({ message }) => heard.push(message.content ?? message.action));
    }
    await instruct(task, 'Europe first');
    await expect.poll(() => heard).toEqual(['Europe first']);
    await api.by.reviewer.ask('POST', `/api/tasks/${task.id}/control`, { action: 'PAUSE' });
    await expect.poll(() => heard).toEqual(['Europe first', 'PAUSE']);
    await api.by.reviewer.ask('POST', `/api/tasks/${task.id}/control`, { action: 'CONTINUE' });
    await expect.poll(() => heard).toEqual(['Europe first', 'PAUSE', 'CONTINUE']);
    expect(await status(task)).toEqual(['delivered', 'delivered', 'delivered']);
  });

  test('[TK28] silence is asked about by socket, and a sign of life acknowledges', async () => {
    const body = { command: '/x', clocks: { updateEveryMs: 100, silenceMs: 200, graceMs: 60_000 } };
    const task = Task.parse((await api.by.operator.ask('POST', '/api/tasks', body)).body);
    const socket = await connected((await makeKey({ taskIds: [task.id] })).text);
    const asked = next(socket, 'status_request');
    await say(socket, task, introduction);
    expect(await asked).toMatchObject({ message: { type: 'x-STATUS_REQUEST', respond_within_seconds: 60 } });
    expect(await socket.timeout(5_000).emitWithAck('heartbeat', { taskId: task.id })).toEqual({ ok: true });
  });

  test('[TK18] what was pushed and never acknowledged comes again to the next connection, marked so', async () => {
    const task = await makeTask();
    const key = await makeKey({ taskIds: [task.id] });
    const first = await connected(key.text);
    await say(first, task, introduction);
    const lost = new Promise<void>((resolve) => first.once('instruction', () => resolve()));
    await instruct(task, 'once');
    await lost;
    first.disconnect();
    const second = connect(key.text);
    const again = await next(second, 'instruction');
    expect(again.message).toMatchObject({ content: 'once', redelivered: true });
    await expect.poll(() => status(task)).toEqual(['acknowledged']);
    expect((await say(second, task, milestone)).instructions).toEqual([]);
    expect((await receipts(task))[0]).toMatchObject({ delivery: 'socket', redelivered: true });
  });

  test('[TK16] [TK18] what went down with a socket is read by nobody’s word, and still arrives', async () => {
    const task = await makeTask();
    const key = await makeKey({ taskIds: [task.id] });
    const first = await connected(key.text);
    await say(first, task, introduction);
    const lost = new Promise<void>((resolve) => first.once('instruction', () => resolve()));
    await instruct(task, 'must arrive');
    await lost;
    first.disconnect();
    const byHttp = await program(api.url, key.text).ask('POST', `/api/tasks/${task.id}/reports`, progress);
    expect(byHttp).toMatchObject({ status: 201, body: { instructions: [] } });
    expect(await status(task)).toEqual(['delivered']);
    const second = connect(key.text);
    const again = next(second, 'instruction');
    second.once('connect', () => void say(second, task, milestone));
    expect((await again).message).toMatchObject({ content: 'must arrive', redelivered: true });
    await expect.poll(() => status(task)).toEqual(['acknowledged']);
  });

  test('[TK16] of a client that gives no receipts, its word over the same socket is one', async () => {
    const task = await makeTask();
    const key = await makeKey({ taskIds: [task.id] });
    const [socket, other] = [await connected(key.text), await connected(key.text)];
    await say(socket, task, introduction);
    const heard = Promise.race(
      [socket, other].map((each) => new Promise<Socket>((resolve) => each.once('instruction', () => resolve(each)))),
    );
    await instruct(task, 'Europe first');
    const receiver = await heard;
    await say(receiver === socket ? other : socket, task, progress);
    expect(await status(task)).toEqual(['delivered']);
    await say(receiver, task, milestone);
    expect(await status(task)).toEqual(['acknowledged']);
  });

  test('[TK29] nobody, viewers and revoked keys are sent away', async () => {
    await expect(connected('parley_none_none')).rejects.toMatchObject({ data: { code: 'auth.required' } });
    await expect(connected(api.keys.viewer)).rejects.toMatchObject({ data: { code: 'auth.forbidden' } });
    const task = await makeTask();
    const key = await makeKey({ taskIds: [task.id] });
    const socket = await connected(key.text);
    const goodbye = new Promise((resolve) => socket.once('goodbye', resolve));
    await api.by.admin.ask('DELETE', `/api/keys/${key.id}`);
    expect(await goodbye).toMatchObject({ reason: 'revoked' });
    await expect.poll(() => socket.connected).toBe(false);
  });
});

describe('server-sent events', () => {
  async function follow(task: Task, headers: Record<string, string> = {}) {
    const aborter = new AbortController();
    const response = await fetch(`${api.url}/api/tasks/${task.id}/stream`, {
      headers: { authorization: `Bearer ${api.keys.viewer}`, ...headers },
      signal: aborter.signal,
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const events = () =>
      [...text.matchAll(/^id: (\d+)\nevent: (\S+)\ndata: (.*)$/gm)].map(([, id, type]) => `${id} ${type}`);
    const readUntil = async (count: number) => {
      while (events().length < count) {
        const read = await reader?.read();
        if (!read || read.done) break;
        text += read.value;
      }
      return events();
    };
    return { response, readUntil, close: () => aborter.abort() };
  }

  test('[TK33] they end when Parley begins to stop, and so does a long poll: without what it waited for', async () => {
    const { rt } = api.t;
    const task = await makeTask();
    const stopping = new AbortController();
    const caller = { ...rt, stopping: stopping.signal };
    const events = await streamTask(caller, api.t.ana, task.id, { lastEventId: '1', signal: never });
    const polled = askForTaskMessages(caller, api.t.ana, task.id, { limit: 50, wait: 60 }, never);
    const told = events.getReader().read();
    stopping.abort();
    expect(await told).toMatchObject({ done: true });
    expect(await polled).toEqual({ items: [], next: null });
    const late = await streamTask(caller, api.t.ana, task.id, { lastEventId: '1', signal: never });
    expect(await late.getReader().read()).toMatchObject({ done: true });
  });

  test('[TK30] come from the first on, then as they happen; from an id on after a break', async () => {
    const task = await makeTask();
    const stream = await follow(task);
    expect(stream.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(await stream.readUntil(1)).toEqual(['1 task.created']);
    await api.by.operator.ask('POST', `/api/tasks/${task.id}/reports`, introduction);
    expect(await stream.readUntil(3)).toEqual(['1 task.created', '2 task.report_accepted', '3 task.answered']);
    stream.close();
    const later = await follow(task, { 'last-event-id': '2' });
    expect(await later.readUntil(1)).toEqual(['3 task.answered']);
    later.close();
    expect((await follow(task, { 'last-event-id': '99' })).response.status).toBe(400);
  });
});
