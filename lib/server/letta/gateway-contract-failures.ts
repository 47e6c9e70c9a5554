import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentId } from '@/lib/protocol/ids';
import { openBreakableProxy } from './breakable-proxy';
import type { Gateway, TurnEvent } from './gateway';
import type { Bench } from './gateway-contract-target';
import { defaultThread, eventually, say, transcript } from './gateway-contract-turn';

const somebody = AgentId.parse('agent-00000000-0000-4000-8000-0000000000ff');
const away = { code: 'engine.unavailable' };

/** What fails is said to have failed, in one word that tells what to do; and nothing is sent twice. */
export function describeFailures({ target, gateway, agent }: Bench): void {
  const closing: (() => Promise<void>)[] = [];
  const proxied = async (timeoutMs?: number) => {
    const proxy = await openBreakableProxy(target().url);
    closing.push(proxy.stop);
    return { proxy, through: target().connect({ url: proxy.url, ...(timeoutMs === undefined ? {} : { timeoutMs }) }) };
  };
  const answering = async (status: number, type: string, body: string) => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(status, { 'content-type': type }).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(async () => void server.close());
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    return { through: target().connect({ url }), asked: () => asked };
  };

  describe('failures', () => {
    afterEach(async () => {
      for (const close of closing.splice(0)) await close();
    });

    it('says that a server is away', async () => {
      const { proxy, through: nowhere } = await proxied();
      await proxy.stop();
      closing.length = 0;
      await expect(nowhere.check()).rejects.toMatchObject({
        ...away,
        message: expect.stringContaining('ECONNREFUSED'),
      });
      await expect(nowhere.listAgents()).rejects.toMatchObject(away);
      // Of a send it is told that nothing can have happened: nobody was there to take it.
      await expect(say(nowhere, somebody, 'Hello?')).rejects.toMatchObject({ code: 'engine.not_reached' });
    });

    it.each([
      ['a page', 200, 'text/html', '<html>Welcome</html>', 'engine.answered_badly'],
      ['something else', 200, 'application/json', '{"hello":"world"}', 'engine.answered_badly'],
      ['that it is down', 503, 'application/json', '{"detail":"down"}', 'engine.unavailable'],
      ['an error of its own', 500, 'text/plain', 'Internal Server Error', 'engine.answered_badly'],
      ['that it does not know us', 401, 'application/json', '{"detail":"Unauthorized"}', 'engine.refused'],
    ])('tells a server that answers with %s', async (_what, status, type, body, code) => {
      const { through: odd } = await answering(status, type, body);
      await expect(odd.check()).rejects.toMatchObject({ code });
      await expect(odd.listAgents()).rejects.toMatchObject({ code });
    });

    it('says what came instead of JSON', async () => {
      const { through: odd } = await answering(200, 'text/html', '<html>\n  <h1>Welcome</h1>');
      const message = expect.stringContaining('“<html> <h1>Welcome</h1>” instead of JSON');
      await expect(odd.check()).rejects.toMatchObject({ code: 'engine.answered_badly', message });
    });

    it('does not know the outcome when the connection breaks in mid-turn; the engine goes on', async () => {
      const id = await agent();
      const { proxy, through } = await proxied();
      const otid = randomUUID();
      const text = target().ask([{ kind: 'say', text: 'I go on speaking although nobody hears me.', slowly: true }]);
      const heard = await interrupted(through, id, text, otid, proxy.cut);
      expect(heard.error).toMatchObject(away);
      expect(heard.events.map((event) => event.kind)).toEqual(expect.arrayContaining(['accepted', 'delta']));
      const listed = await eventually(
        () => transcript(gateway(), id),
        (messages) => messages.at(-1)?.messageType === 'assistant_message',
      );
      expect(listed.filter((message) => message.otid === otid)).toHaveLength(1);
    });

    it('[LF12] gives up a server that has gone silent, pings and all', async () => {
      const id = await agent();
      const { proxy, through } = await proxied(1_500);
      const text = target().ask([{ kind: 'say', text: 'Into the void I speak, for a while.', slowly: true }]);
      const began = performance.now();
      const heard = await interrupted(through, id, text, randomUUID(), proxy.freeze);
      expect(heard.error).toMatchObject({ ...away, message: expect.stringMatching(/silent/) });
      expect(performance.now() - began).toBeLessThan(8_000);
    });

    it('[LF1] [LF2] sends nothing twice when the answer is lost on its way', async () => {
      const id = await agent();
      const { proxy, through } = await proxied();
      const otid = randomUUID();
      proxy.mute();
      const lost = say(through, id, target().ask([{ kind: 'say', text: 'Once.' }]), otid);
      const failure = expect(lost).rejects.toMatchObject(away);
      await eventually(
        () => transcript(gateway(), id),
        (messages) => messages.at(-1)?.content === 'Once.',
      );
      proxy.cut();
      await failure;
      const again = await say(gateway(), id, target().ask([{ kind: 'say', text: 'Twice.' }]));
      expect(again.stopReason).toBe('end_turn');
      const listed = await transcript(gateway(), id);
      expect(listed.filter((message) => message.otid === otid)).toHaveLength(1);
      expect(listed.filter((message) => message.content === 'Once.')).toHaveLength(1);
    });

    it('makes nothing twice either', async () => {
      const { proxy, through } = await proxied();
      const tag = `once-${randomUUID()}`;
      proxy.mute();
      const lost = through.createAgent({ name: 'Single', model: target().model, blocks: [], tools: [], tags: [tag] });
      const failure = expect(lost).rejects.toMatchObject(away);
      await eventually(
        () => gateway().findAgentsByTag(tag),
        (agents) => agents.length > 0,
      );
      proxy.cut();
      await failure;
      expect(await gateway().findAgentsByTag(tag)).toHaveLength(1);
    });

    it('does not wait for ever for an answer', async () => {
      const { proxy, through } = await proxied(500);
      proxy.mute();
      await expect(through.listAgents()).rejects.toMatchObject({ ...away, message: expect.stringContaining('1 s') });
      await expect(say(through, somebody, 'Hello?')).rejects.toMatchObject(away);
    });

    it('stops a check that nobody waits for any more', async () => {
      const { proxy, through } = await proxied();
      proxy.mute();
      const reason = new Error('never mind');
      await expect(through.check(AbortSignal.abort(reason))).rejects.toBe(reason);
      const leaving = new AbortController();
      const checked = expect(through.check(leaving.signal)).rejects.toBe(reason);
      leaving.abort(reason);
      await checked;
    });

    it.each([408, 409, 429, 500, 503])('[LF1] sends once and no more when the server answers %i', async (status) => {
      const { through, asked } = await answering(status, 'application/json', '{"detail":"no"}');
      await expect(say(through, somebody, 'Hello?')).rejects.toHaveProperty('code');
      const spec = { name: 'Single', model: target().model, blocks: [], tools: [], tags: [] };
      await expect(through.createAgent(spec)).rejects.toHaveProperty('code');
      expect(asked()).toBe(2);
    });
  });
}

/** Sends through a way that breaks at the first token. */
async function interrupted(gateway: Gateway, agentId: AgentId, text: string, otid: string, interrupt: () => void) {
  const events: TurnEvent[] = [];
  try {
    for await (const event of gateway.send(defaultThread(agentId), { kind: 'user', text, otid })) {
      events.push(event);
      if (event.kind === 'delta' && events.filter(({ kind }) => kind === 'delta').length === 1) interrupt();
    }
    return { events, error: null };
  } catch (error) {
    return { events, error };
  }
}
