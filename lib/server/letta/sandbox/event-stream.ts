import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { JsonObject } from '@/lib/protocol/json';
import { messageHead } from './letta-message';

const SILENCE_MS = 20_000;

export type EventStream = {
  /** One frame of the stream: `data: {…}`. */
  data(frame: JsonObject): void;
  /** The frame that makes the client throw: `event: error`. */
  error(frame: JsonObject): void;
  /** The mark at the end of every stream but those that were cancelled or failed in the middle. */
  done(): void;
  end(): void;
};

type Pinging = { runId: string; now: () => Date };

const pingFrame = ({ runId, now }: Pinging): JsonObject =>
  messageHead({ id: `ping-${randomUUID()}`, runId, stepId: null, createdAt: now() }, 'ping', { otid: null });

/**
 * Answers with server-sent events. With `pinging` the first frame is a ping, at once, and so is whatever fills a silence
 * of 20 s; without it there are none. Writing to a client that has gone is no error: its turn runs on.
 */
export function openEventStream(response: ServerResponse, pinging: Pinging | null): EventStream {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  const write = (text: string) => {
    if (!response.destroyed) response.write(text);
    silence?.refresh();
  };
  const data = (frame: JsonObject) => write(`data: ${JSON.stringify(frame)}\n\n`);
  const silence = pinging ? setInterval(() => data(pingFrame(pinging)), SILENCE_MS).unref() : null;
  if (pinging) data(pingFrame(pinging));
  return {
    data,
    error: (frame) => write(`event: error\ndata: ${JSON.stringify(frame)}\n\n`),
    done: () => write('data: [DONE]\n\n'),
    end: () => {
      if (silence) clearInterval(silence);
      response.end();
    },
  };
}
