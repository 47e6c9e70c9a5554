import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findChromium } from '@/e2e/find-chromium';
import { type Api, apiOf } from '@/e2e/program/api';
import * as screens from '@/e2e/walk-through';
import { Conversation } from '@/lib/protocol/conversation';
import { AgentId } from '@/lib/protocol/ids';
import { createRestGateway } from '@/lib/server/letta/rest';
import { type ParleyProgram, startParleyProgram } from '@/lib/testing/parley-program';
import { alice, bob, bobIsGlad, exchanges, report, requestsOf } from './alice-and-bob';
import { readLettaTranscript } from './letta-transcript';
import { linesInLedger, rowsInLedger, talkIn } from './parley-transcript';
import { type RealLetta, startRealLetta } from './start-real-letta';

const START_MS = 600_000;
const STEP_MS = 30_000;
const PERSON = 'Ana';
const chromiumPath = findChromium();

describe.runIf(inject('lettaIsHere') && chromiumPath !== null)('the tutorial on connecting agents', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-walk-through-'));
  let letta: RealLetta;
  let program: ParleyProgram;
  let browser: Browser;
  const start = (port = '0') =>
    startParleyProgram({
      dataDir,
      env: { PORT: port, LETTA_BASE_URL: letta.url, PARLEY_SANDBOX: 'off', PARLEY_LOG_LEVEL: 'debug' },
    });

  beforeAll(async () => {
    letta = await startRealLetta({ log: (line) => process.stdout.write(`${line}\n`) });
    program = await start();
    browser = await chromium.launch({
      executablePath: chromiumPath ?? '',
      args: ['--disable-gpu', '--disable-background-networking', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    });
  }, START_MS);
  afterAll(async () => {
    await browser?.close();
    await program?.stop();
    await letta?.stop();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }, START_MS);

  it('works on Parley’s own screens with the real Letta, through a reload and a crash', {
    timeout: 240_000,
  }, async () => {
    const [playedAlice, playedBob] = [letta.model.play(alice), letta.model.play(bob)];
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    page.setDefaultTimeout(STEP_MS);
    const wrong: string[] = [];
    page.on('pageerror', (error) => wrong.push(error.stack ?? error.message));
    page.on('request', (request) => request.url().startsWith(program.url) || wrong.push(`left: ${request.url()}`));
    await screens.signInByLink(page, program.signInUrl, PERSON);
    const bobId = await screens.makeAgent(page, 'bob', letta.model.handle);
    const aliceId = await screens.makeAgent(page, 'alice', letta.model.handle);
    const conversationId = await screens.openConversation(page, 'Alice rings Bob');
    expect(await approvalTools(letta, [aliceId, bobId])).toEqual([
      ['send_message_to_agent_async'],
      ['send_message_to_agent_async'],
    ]);

    await screens.primeBob(page, PERSON);
    await screens.rowsNamed(page, 'Bob, assistant').filter({ hasText: bobIsGlad }).waitFor();
    const live = Promise.all([screens.wordsBeingWritten(page, 'left'), screens.wordsBeingWritten(page, 'right')]);
    await screens.askAlice(page, PERSON, bobId);
    const early = await live;
    for (const words of early) await page.getByRole('article').filter({ hasText: words }).first().waitFor();
    const ends = await screens.lightBothEnds(page);
    expect(ends.author).toMatch(/to Bob · \d[\d.]* (ms|s)/);
    expect(ends.receiver).toMatch(/from Alice · \d[\d.]* (ms|s)/);

    await screens.wordsBeingWritten(page, 'left', exchanges[1].alice.slice(0, 20));
    const before = await page.getByRole('article').count();
    await page.reload();
    await page
      .getByRole('article')
      .nth(before - 1)
      .waitFor();

    await screens.wordsBeingWritten(page, 'right', exchanges[2].bob.slice(0, 20));
    await crash(page);
    await screens.rowsNamed(page, 'Alice, assistant').filter({ hasText: report }).waitFor();

    const api = apiOf(program.url);
    await expect.poll(() => stateOf(api, conversationId), { timeout: STEP_MS }).toBe('idle');
    await holdAgainstLetta(api, page, conversationId, { a: aliceId, b: bobId });
    expect({ alice: playedAlice.requests(), bob: playedBob.requests() }).toEqual(requestsOf);

    await screens.stopConversation(page);
    expect(wrong).toEqual([]);
    await expect.poll(() => approvalTools(letta, [aliceId, bobId]), { timeout: STEP_MS }).toEqual([[], []]);
  });

  async function crash(page: Page): Promise<void> {
    const { port } = new URL(program.url);
    await program.kill9();
    await page.getByText('Reconnecting').waitFor();
    program = await start(port);
    await page.getByText('Reconnecting').waitFor({ state: 'hidden' });
  }

  /** Screen, ledger and the engine's own listing tell the same, in the same order, and nothing came twice. */
  async function holdAgainstLetta(api: Api, page: Page, conversationId: string, agents: Record<'a' | 'b', string>) {
    const conversation = Conversation.parse(await api.ask({ path: `/api/conversations/${conversationId}` }));
    for (const { id: seat, name } of conversation.seats) {
      const { lines, inputs } = await readLettaTranscript(letta.url, seat === 'a' ? agents.a : agents.b);
      // What an agent heard is read from the listing, a moment after its turn has ended.
      const ledger = async () => linesInLedger(conversation, await api.entries(conversationId), seat);
      await expect.poll(ledger, { message: `${name} in the ledger` }).toEqual(lines);
      expect(new Set(inputs.map(({ text }) => text)).size, `what ${name} heard came once`).toBe(inputs.length);
      expect(inputs, `what ${name} heard`).toHaveLength(1 + exchanges.length);
    }
    const entries = await api.entries(conversationId);
    expect(entries.filter(({ type }) => type === 'message.delivery_failed')).toEqual([]);
    await screens.makeWindowTall(page);
    for (const { id: seat, name } of conversation.seats) {
      const rows = rowsInLedger(conversation, entries, seat);
      const shown = async () => (await screens.drawnRows(page))[seat === 'a' ? 'a' : 'b'];
      const ids = async () => (await shown()).map(({ id }) => id);
      await expect.poll(ids, { message: `${name} on the screen` }).toEqual(rows.map(({ id }) => id));
      const drawn = await shown();
      for (const [index, row] of rows.entries()) expect(drawn[index]?.text).toContain(talkIn(row));
    }
  }
});

async function stateOf(api: Api, conversationId: string): Promise<string> {
  return Conversation.parse(await api.ask({ path: `/api/conversations/${conversationId}` })).state;
}

/** Tools of these agents whose calls wait for an answer, as Letta has it. */
async function approvalTools({ url }: RealLetta, agentIds: string[]): Promise<string[][]> {
  const gateway = createRestGateway({ baseUrl: url, log: pino({ level: 'silent' }) });
  const agents = await Promise.all(agentIds.map((agentId) => gateway.findAgent(AgentId.parse(agentId))));
  return agents.map((agent) => agent?.approvalTools ?? ['no such agent']);
}
