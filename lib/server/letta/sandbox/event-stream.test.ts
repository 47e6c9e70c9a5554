import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type EventStream, openEventStream } from './event-stream';
import { paceOf, pause } from './pace';

const Address = z.object({ port: z.number() });

describe('streams of events', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ['fills a silence with pings', true, 3],
    ['stays silent when no pings are wanted', false, 0],
  ])('%s', async (_what, pings, expected) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const pinging = pings ? { runId: 'run-1', now: () => new Date(0) } : null;
    let stream: EventStream | null = null;
    const server = createServer((_request, response) => {
      stream = openEventStream(response, pinging);
      vi.advanceTimersByTime(25_000);
      stream.data({ message_type: 'assistant_message' });
      vi.advanceTimersByTime(19_000);
      vi.advanceTimersByTime(2_000);
      stream.end();
      vi.advanceTimersByTime(100_000);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const answer = await fetch(`http://127.0.0.1:${Address.parse(server.address()).port}`);
    expect((await answer.text()).match(/"message_type":"ping"/g) ?? []).toHaveLength(expected);
    server.close();
  });
});

describe('the pace', () => {
  it('is for reading unless it is instant, which starts no timer at all', async () => {
    expect(paceOf(undefined).tokenMs).toBeGreaterThan(20);
    expect(paceOf(10)).toEqual({ tokenMs: 10, thinkMs: 80, toolMs: 400 });
    const { tokenMs, thinkMs, toolMs } = paceOf('instant');
    expect([tokenMs, thinkMs, toolMs]).toEqual([0, 0, 0]);
    vi.useFakeTimers();
    await pause(0, new AbortController().signal);
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('ends at once when the instance stops', async () => {
    const stopping = new AbortController();
    const waiting = pause(600_000, stopping.signal);
    stopping.abort(new Error('enough'));
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});
