/**
 * Does the view of a conversation cost the same however long it is? One more entry, one more page of history and the
 * window that is drawn, at 100,000 entries beside 1,000: first the fold alone, then all of it in a browser.
 */
import { alice, bob, DialogueBuilder } from '@/lib/domain/transcript/dialogue-builder';
import { applyTranscript, emptyTranscript, prependTranscript } from '@/lib/domain/transcript/transcript';
import type { Transcript } from '@/lib/domain/transcript/transcript-state';
import type { ToldEntry } from '@/lib/protocol/told-entry';
import type { Figure } from './harness/figure';
import { printFigures } from './harness/figure';
import { monotonicMs } from './harness/monotonic-ms';
import { percentile } from './harness/percentile';
import { comparePanes } from './panes-browser';

const SHORT = 1_000;
const LONG = 100_000;
const BATCH = 200;
const ROUNDS = 60;
const TEXT = 'So it is, and so it goes on for a while. '.repeat(10);

/** A conversation in which two agents think, write to each other and speak, `count` entries long. */
function dialogue(count: number): ToldEntry[] {
  const builder = new DialogueBuilder();
  for (let n = 0; builder.entries.length < count; n += 1) {
    const [from, to] = n % 2 === 0 ? (['a', 'b'] as const) : (['b', 'a'] as const);
    builder.after(700).seen({ seat: from, messageType: 'reasoning_message', reasoning: TEXT });
    builder.after(300).conveyed(from, to, TEXT, n);
    builder.after(300).seen({ seat: to, messageType: 'assistant_message', content: TEXT });
  }
  return builder.entries.slice(0, count);
}

const empty = () => emptyTranscript([alice, bob], [alice.id, bob.id]);
const fold = (entries: readonly ToldEntry[]) => entries.reduce(applyTranscript, empty());

function timed(work: () => unknown): number {
  const began = monotonicMs();
  work();
  return monotonicMs() - began;
}

/** Milliseconds of each round; none is left out, so that collecting garbage counts. */
const rounds = (work: () => unknown) => Array.from({ length: ROUNDS }, () => timed(work));

function read(transcript: Transcript): number {
  const { list } = transcript.moments;
  let cells = 0;
  for (let index = list.size - 60; index < list.size; index += 1) cells += list.at(index)?.cells.length ?? 0;
  return cells;
}

const all = dialogue(LONG + BATCH);
const [fresh, older] = [all.slice(LONG), all.slice(0, BATCH)];
const long = fold(all.slice(0, LONG));
const longWithoutFirst = fold(all.slice(BATCH, LONG));
const shortEnd = all.slice(LONG - SHORT, LONG);
const short = fold(shortEnd);
const shortWithoutFirst = fold(all.slice(BATCH, BATCH + SHORT));
for (const warm of [short, long]) rounds(() => fresh.reduce(applyTranscript, warm));

const cost = (work: (transcript: Transcript) => unknown, ofLong: Transcript, ofShort: Transcript) => ({
  baseline: percentile(
    rounds(() => work(ofShort)),
    0.5,
  ),
  ours: percentile(
    rounds(() => work(ofLong)),
    0.5,
  ),
});
const perEntry = ({ ours, baseline }: { ours: number; baseline: number }) => ({
  ours: (ours * 1_000) / BATCH,
  baseline: (baseline * 1_000) / BATCH,
});

const appended = perEntry(cost((state) => fresh.reduce(applyTranscript, state), long, short));
const prepended = cost((state) => prependTranscript(state, older), longWithoutFirst, shortWithoutFirst);
const window = cost(read, long, short);
const figures: Figure[] = [
  {
    metric: 'one more entry',
    unit: 'µs',
    ...appended,
    goal: 'at 100,000 at most twice of 1,000, and 200 a second in 2 % of a core',
    holds: appended.ours <= 2 * appended.baseline && appended.ours * 200 <= 20_000,
  },
  {
    metric: 'a page of 200 older entries',
    unit: 'ms',
    ...prepended,
    goal: 'at 100,000 within a frame of 16.7 ms',
    holds: prepended.ours <= 16.7,
  },
  {
    metric: 'reading the 60 moments that are drawn',
    unit: 'ms',
    ...window,
    goal: 'at 100,000 within 1 ms',
    holds: window.ours <= 1,
  },
];
printFigures('panes', [...figures, ...(await comparePanes())]);
