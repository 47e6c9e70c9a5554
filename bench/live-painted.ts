/**
 * How long after its commit does a message stand painted in a real Chromium, on the real page of its conversation, beside
 * what a bare page needs that does nothing but append what a bare Socket.IO brings it?
 */
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { atPace } from './harness/at-pace';
import type { Figure } from './harness/figure';
import { monotonicMs } from './harness/monotonic-ms';
import { openBrowser } from './harness/open-browser';
import { percentile } from './harness/percentile';
import { startBenchProgram } from './harness/start-program';
import { openTalk } from './harness/talk';
import { paintedMs, WATCH_ROWS } from './harness/watch-rows';

const BEFORE = 300;
const PER_SECOND = 20;
const ROUND = 80;
const ROUNDS = 6;

const BARE_PAGE = `<!doctype html><meta charset="utf-8"><title>bare</title><main></main>
<script src="/socket.io/socket.io.js"></script><script>
io({ transports: ['websocket'] }).on('entries', ({ entries }) => {
  for (const { seq, payload } of entries) {
    const row = document.createElement('article');
    row.dataset.seq = seq;
    row.textContent = payload.content;
    document.querySelector('main').append(row);
    row.scrollIntoView();
  }
});</script>`;

async function openBareServer() {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(BARE_PAGE);
  });
  const io = new Server(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('not listening');
  return { io, url: `http://127.0.0.1:${address.port}`, close: () => io.close() };
}

export async function comparePainted(): Promise<Figure[]> {
  const program = await startBenchProgram();
  const { rt, url } = program;
  const browser = await openBrowser();
  const bare = await openBareServer();
  const committedAt = new Map<number, number>();
  rt.ledger.onCommitted((_workspaceId, entries) => {
    for (const { seq, type } of entries) if (type === 'message.seen') committedAt.set(seq, monotonicMs());
  });
  try {
    const talk = await openTalk(rt, 'Painted');
    await talk.recall(BEFORE);
    const like = (await talk.say(1)).at(-1);
    const ours = await (await browser.enter(program.signInUrl)).newPage();
    const bareContext = await browser.enter();
    const plain = await bareContext.newPage();
    for (const page of [ours, plain]) await page.addInitScript(WATCH_ROWS);
    await ours.goto(`${url}/conversations/${talk.id}`);
    await ours.locator(`article[data-seq="${like?.seq}"]`).waitFor();
    await plain.goto(bare.url);
    const sayOurs = async () => {
      committedAt.clear();
      const saying: Promise<unknown>[] = [];
      await atPace(PER_SECOND, ROUND, () => void saying.push(talk.say(1)));
      await Promise.all(saying);
      return paintedMs(ours, committedAt);
    };
    let bareSeq = 0;
    const sayBare = async () => {
      const emittedAt = new Map<number, number>();
      await atPace(PER_SECOND, ROUND, () => {
        bareSeq += 1;
        emittedAt.set(bareSeq, monotonicMs());
        bare.io.emit('entries', { entries: [{ ...like, seq: bareSeq }] });
      });
      return paintedMs(plain, emittedAt);
    };
    const samples = { ours: [] as number[], bare: [] as number[] };
    for (let round = 0; round <= ROUNDS; round += 1) {
      const [mine, theirs] = [await sayOurs(), await sayBare()];
      if (round === 0) continue; // warms up
      samples.ours.push(...mine);
      samples.bare.push(...theirs);
    }
    return figuresOf(samples);
  } finally {
    await browser.close();
    await bare.close();
    await program.stop();
  }
}

function figuresOf({ ours, bare }: { ours: number[]; bare: number[] }): Figure[] {
  const figure = (metric: string, share: number, goal: string, bound: (bare: number) => number): Figure => {
    const [mine, theirs] = [percentile(ours, share), percentile(bare, share)];
    return { metric, unit: 'ms', ours: mine, baseline: theirs, goal, holds: mine <= bound(theirs) };
  };
  return [
    figure('commit_to_painted_p50', 0.5, 'p50 ≤ bare page + 35 ms', (theirs) => theirs + 35),
    figure('commit_to_painted_p99', 0.99, 'p99 ≤ 2 × bare page + 60 ms', (theirs) => 2 * theirs + 60),
  ];
}
