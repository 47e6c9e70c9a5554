/**
 * How long is one message on its way, from the moment at which the model makes the call to the moment at which the model
 * is asked for the receiver's first token? Carried by Parley, beside delivery by Letta's own tool, on one real Letta in
 * one run, with agents of the same making. Needs what `npm run test:letta` needs, and says so where it cannot be had.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { LettaUnobtainable } from '@/e2e/letta/install-letta';
import { ASYNC, makeTalk } from '@/e2e/letta/make-talk';
import type { ScriptedModel } from '@/e2e/letta/scripted-model';
import { type RealLetta, startRealLetta } from '@/e2e/letta/start-real-letta';
import { type Api, apiOf } from '@/e2e/program/api';
import { Agent } from '@/lib/protocol/agent';
import { buildPages } from '@/lib/server/boot/build-pages';
import { generatePrisma } from '@/lib/server/boot/generate-prisma';
import { projectRoot } from '@/lib/server/boot/project-root';
import { startParleyProgram } from '@/lib/testing/parley-program';
import { type Figure, printFigures } from './harness/figure';
import { monotonicMs } from './harness/monotonic-ms';
import { percentile } from './harness/percentile';

const RUNS = 12;
const POLL_MS = 1;
const PATIENCE_MS = 90_000;
const PAUSE_MS = 500;

/** Resolves when the model has been asked so often for the script of `text`. */
async function asked(model: ScriptedModel, text: string, times: number): Promise<number> {
  const until = monotonicMs() + PATIENCE_MS;
  while (model.turnsOf(text) < times) {
    if (monotonicMs() > until) throw new Error('a message did not arrive');
    await delay(POLL_MS);
  }
  return monotonicMs();
}

/** One message: milliseconds from the call, which the model makes when all else is still, to the receiver's turn. */
async function carriedMs(
  model: ScriptedModel,
  receiverId: string,
  speak: (moves: Parameters<ScriptedModel['ask']>[0]) => Promise<{ text: string; done: Promise<unknown> }>,
): Promise<number> {
  let makeCall: () => void = () => undefined;
  const after = new Promise<void>((resolve) => {
    makeCall = resolve;
  });
  const heard = model.ask([{ kind: 'say', text: 'Heard.' }]);
  const calls = [{ tool: ASYNC, arguments: { message: heard, other_agent_id: receiverId } }];
  const { text, done } = await speak([
    { kind: 'call', calls, after },
    { kind: 'say', text: 'Called.' },
  ]);
  await asked(model, text, 1);
  await delay(PAUSE_MS);
  const calledAt = monotonicMs();
  makeCall();
  const arrivedAt = await asked(model, heard, 1);
  await done;
  await delay(PAUSE_MS);
  return arrivedAt - calledAt;
}

/** Two agents of whom Parley knows nothing more than that they are there: what they call, Letta runs. */
async function makeUngated(api: Api, letta: RealLetta) {
  const make = async (name: string) => {
    const body = { name, model: letta.model.handle, tools: [ASYNC] };
    return Agent.parse(await api.ask({ method: 'POST', path: '/api/agents', body })).id;
  };
  const [author, receiver] = [await make('Own tool A'), await make('Own tool B')];
  const speak = async (moves: Parameters<ScriptedModel['ask']>[0]) => {
    const text = letta.model.ask(moves);
    const done = fetch(`${letta.url}/v1/agents/${author}/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ messages: [{ role: 'user', content: text }] }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).then((answer) => answer.text());
    return { text, done };
  };
  return { receiver, speak };
}

async function measure(letta: RealLetta): Promise<Figure[]> {
  const program = await startParleyProgram({ env: { LETTA_BASE_URL: letta.url, PARLEY_SANDBOX: 'off' } });
  try {
    const api = apiOf(program.url);
    const talk = await makeTalk(() => api, letta, 'Carried');
    const ungated = await makeUngated(api, letta);
    const samples = { ours: [] as number[], baseline: [] as number[] };
    for (let run = 0; run <= RUNS; run += 1) {
      const ours = await carriedMs(letta.model, talk.agents.b, async (moves) => {
        const text = await talk.tell('a', moves);
        return { text, done: Promise.resolve() };
      });
      await talk.rest();
      const baseline = await carriedMs(letta.model, ungated.receiver, ungated.speak);
      if (run === 0) continue; // warms up
      samples.ours.push(ours);
      samples.baseline.push(baseline);
    }
    await talk.stop();
    const figure = (metric: string, share: number, times: number | null): Figure => {
      const [mine, theirs] = [percentile(samples.ours, share), percentile(samples.baseline, share)];
      const goal = times === null ? 'reported' : `Letta’s own tool takes at least ${times} × as long`;
      const holds = times === null || theirs >= times * mine;
      return { metric, unit: 'ms', ours: mine, baseline: theirs, goal, holds };
    };
    return [figure('call to receiver’s first token, p50', 0.5, 10), figure('the slowest', 1, null)];
  } finally {
    await program.stop();
  }
}

const found = await startRealLetta({ log: (line) => console.log(line) }).catch((error: unknown) => {
  if (!(error instanceof LettaUnobtainable)) throw error;
  console.log(`carry: not measured, for there is no real Letta: ${error.message}`);
  return null;
});
if (found) {
  try {
    await generatePrisma(projectRoot());
    await buildPages(projectRoot());
    printFigures('carry', await measure(found));
  } finally {
    await found.stop();
  }
}
