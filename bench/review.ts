/**
 * `npm run bench review`: what review costs. From a draft's parking until it stands on the screen, and from a verdict
 * until the recipient has the message, on the sandbox at pace zero, beside the same path without review in the same run.
 * Then the inbox with 1,000 drafts that wait, beside one with 20.
 */
import type { Page } from '@playwright/test';
import { type Api, apiOf } from '@/e2e/program/api';
import { Agent } from '@/lib/protocol/agent';
import { Conversation } from '@/lib/protocol/conversation';
import { Draft } from '@/lib/protocol/draft';
import { knownEntry } from '@/lib/protocol/entry';
import { callsOf } from '@/lib/protocol/message-calls';
import type { Runtime } from '@/lib/server/runtime';
import { type Figure, printFigures } from './harness/figure';
import { describeMachine } from './harness/machine';
import { monotonicMs } from './harness/monotonic-ms';
import { openBrowser } from './harness/open-browser';
import { percentile } from './harness/percentile';
import { startBenchProgram } from './harness/start-program';
import { paintedWordMs, WATCH_WORDS } from './harness/watch-words';
import { compareInboxes } from './review-inbox';

const WARM_UP = 4;
const ROUNDS = 40;
const PATIENCE_MS = 10_000;
const TELL = 'send_message_to_agent_async';

type Talk = { id: string; receiverId: string };

/** When entries of a kind that carry a word were committed: by `type word`, on the monotonic clock. */
function watchCommits(rt: Runtime) {
  const at = new Map<string, number>();
  const waiting = new Map<string, (ms: number) => void>();
  rt.ledger.onCommitted((_workspaceId, entries) => {
    const now = monotonicMs();
    for (const entry of entries) {
      const key = keyOf(entry);
      if (key === null || at.has(key)) continue;
      at.set(key, now);
      waiting.get(key)?.(now);
    }
  });
  return (key: string): Promise<number> => {
    const known = at.get(key);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${key} was not committed`)), PATIENCE_MS);
      waiting.set(key, (ms) => {
        clearTimeout(late);
        resolve(ms);
      });
    });
  };
}

function keyOf(wire: Parameters<typeof knownEntry>[0]): string | null {
  const entry = knownEntry(wire);
  if (!entry) return null;
  const { type, payload } = entry;
  if (type === 'message.seen') {
    const [call] = payload.messageType === 'approval_request_message' ? callsOf(payload) : [];
    return call ? `called ${wordIn(call.arguments)}` : null;
  }
  if (type === 'message.received' || type === 'draft.offered') return `${type} ${wordIn(payload.content)}`;
  if (type === 'turn.ended') return `rested ${payload.turnId}`;
  return null;
}

const wordIn = (text: string): string => /word-\d+/.exec(text)?.[0] ?? '';

async function makeTalk(api: Api, title: string, mode: 'pass' | 'review'): Promise<Talk> {
  const make = async (name: string, more: object = {}) => {
    const body = { name: `${title} ${name}`, model: 'sandbox/scripted', tools: [TELL], ...more };
    return Agent.parse(await api.ask({ method: 'POST', path: '/api/agents', body })).id;
  };
  const heard = JSON.stringify({ script: [{ say: 'Heard.' }] });
  const [caller, receiverId] = [await make('A'), await make('B', { blocks: [{ label: 'script', value: heard }] })];
  const edges = [{ from: 'a', to: 'b', mode, undoSeconds: 0 }];
  const body = { title, seats: [{ agentId: caller }, { agentId: receiverId }], maxTurns: 10_000, edges };
  return { id: Conversation.parse(await api.ask({ method: 'POST', path: '/api/conversations', body })).id, receiverId };
}

const callWith = (word: string, { receiverId }: Talk): string => {
  const call = { tool: TELL, arguments: { message: `Here is ${word}.`, other_agent_id: receiverId } };
  return JSON.stringify({ script: [{ call }, { say: 'Called.' }] });
};

type Bench = { api: Api; committed: (key: string) => Promise<number>; page: Page };

/** Has the caller make its call, with the page in front: others are drawn when the browser has time. */
async function say({ api, page }: Bench, talk: Talk, word: string): Promise<void> {
  await page.bringToFront();
  const path = `/api/conversations/${talk.id}/messages`;
  await api.ask({ method: 'POST', path, body: { to: 'a', content: callWith(word, talk) } });
}

/** Resolves when nothing of the conversation is under way any more. */
async function rest({ api }: Bench, talk: Talk): Promise<void> {
  const until = monotonicMs() + PATIENCE_MS;
  for (;;) {
    const { state } = Conversation.parse(await api.ask({ path: `/api/conversations/${talk.id}` }));
    if (state === 'idle') return;
    if (monotonicMs() > until) throw new Error(`a conversation is ${state}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Without review: from the call until the recipient has it, and from then until its arrival is painted. */
async function passOnce(bench: Bench, talk: Talk, word: string) {
  await say(bench, talk, word);
  const [calledAt, receivedAt] = [
    await bench.committed(`called ${word}`),
    await bench.committed(`message.received ${word}`),
  ];
  const paintedMs = await paintedWordMs(bench.page, `arrived ${word}`, receivedAt);
  await rest(bench, talk);
  return { arrivedMs: receivedAt - calledAt, paintedMs };
}

/** With review: from parking until the draft is painted, in `kind` of place; from the verdict until the recipient has it. */
async function reviewOnce(bench: Bench, talk: Talk, word: string, kind: 'card' | 'listed') {
  await say(bench, talk, word);
  const parkedAt = await bench.committed(`draft.offered ${word}`);
  const paintedMs = await paintedWordMs(bench.page, `${kind} ${word}`, parkedAt);
  const { items } = await waiting(bench.api, talk);
  const draft = items.find(({ content }) => wordIn(content) === word);
  const body = { verdict: 'approve', contentHash: draft?.contentHash };
  const decidedAt = monotonicMs();
  await bench.api.ask({ method: 'POST', path: `/api/drafts/${draft?.id}/verdict`, body });
  const arrivedMs = (await bench.committed(`message.received ${word}`)) - decidedAt;
  await rest(bench, talk);
  return { arrivedMs, paintedMs };
}

async function waiting(api: Api, { id }: Talk): Promise<{ items: Draft[] }> {
  const found = await api.ask({ path: `/api/drafts?status=pending&conversationId=${id}` });
  const items = typeof found === 'object' && found !== null && 'items' in found ? found.items : [];
  return { items: Draft.array().parse(items) };
}

type Samples = { arrivedMs: number[]; paintedMs: number[] };

/** So many rounds of all ways, one after another, so that what else the machine does is shared by all. */
async function series(ways: readonly ((word: string) => Promise<{ arrivedMs: number; paintedMs: number }>)[]) {
  const samples: Samples[] = ways.map(() => ({ arrivedMs: [], paintedMs: [] }));
  let words = 0;
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    for (const [index, way] of ways.entries()) {
      words += 1;
      const { arrivedMs, paintedMs } = await way(`word-${words}`);
      if (round < 0) continue;
      samples[index]?.arrivedMs.push(arrivedMs);
      samples[index]?.paintedMs.push(paintedMs);
    }
  }
  return samples;
}

function figure(metric: string, mine: readonly number[], bare: readonly number[], share: number): Figure {
  const [ours, baseline] = [percentile(mine, share), percentile(bare, share)];
  const goal = '≤ 1.5 × without review + 30 ms';
  return { metric, unit: 'ms', ours, baseline, goal, holds: ours <= 1.5 * baseline + 30 };
}

async function compareWays(program: Awaited<ReturnType<typeof startBenchProgram>>, enter: () => Promise<Page>) {
  const { rt, url, adminKey } = program;
  const api = apiOf(url, adminKey);
  const committed = watchCommits(rt);
  const [bare, held, listed] = [
    await makeTalk(api, 'Bare', 'pass'),
    await makeTalk(api, 'Held', 'review'),
    await makeTalk(api, 'Listed', 'review'),
  ];
  const open = async (path: string): Promise<Bench> => {
    const page = await enter();
    await page.addInitScript(WATCH_WORDS);
    await page.goto(`${url}${path}`);
    return { api, committed, page };
  };
  const [bareBench, heldBench, listedBench] = [
    await open(`/conversations/${bare.id}`),
    await open(`/conversations/${held.id}`),
    await open('/drafts'),
  ];
  const [without, withCard, withRow] = await series([
    (word) => passOnce(bareBench, bare, word),
    (word) => reviewOnce(heldBench, held, word, 'card'),
    (word) => reviewOnce(listedBench, listed, word, 'listed'),
  ]);
  if (!without || !withCard || !withRow) throw new Error('nothing was measured');
  const verdicts = [...withCard.arrivedMs, ...withRow.arrivedMs];
  for (const { page } of [bareBench, heldBench, listedBench]) await page.close();
  return [
    figure('parked to its card in the channel, p50', withCard.paintedMs, without.paintedMs, 0.5),
    figure('the same, p95', withCard.paintedMs, without.paintedMs, 0.95),
    figure('parked to its row in the inbox, p50', withRow.paintedMs, without.paintedMs, 0.5),
    figure('the same in the inbox, p95', withRow.paintedMs, without.paintedMs, 0.95),
    figure('verdict to recipient, p50', verdicts, without.arrivedMs, 0.5),
    figure('verdict to recipient, p95', verdicts, without.arrivedMs, 0.95),
  ];
}

const program = await startBenchProgram({ working: true });
const browser = await openBrowser();
try {
  console.log(await describeMachine(program.rt.database.pool));
  const context = await browser.enter(program.signInUrl);
  const ways = await compareWays(program, () => context.newPage());
  printFigures('review', [...ways, ...(await compareInboxes(program, context))]);
} finally {
  await browser.close();
  await program.stop();
}
