'use client';

import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { countText } from '@/components/ui/count-text';
import { useEarlierEntries } from '@/lib/client/task-live';
import type { WireEntry } from '@/lib/protocol/wire-entry';
import { ReportLine } from './report-line';
import type { ReportRow } from './report-rows';

const SHOWN_MAX = 400;
/** So close to the end, in pixels, the reader follows it. */
const FOLLOWS_PX = 48;

type ReportListProps = {
  taskId: string;
  /** The first entry that is loaded; what lies before it is loaded when somebody asks for it. */
  first: WireEntry | undefined;
  rows: readonly ReportRow[];
};

/** The timeline, at its end until the reader scrolls, or at the entry to which a chart led. */
export function ReportList({ taskId, first, rows }: ReportListProps) {
  const earlier = useEarlierEntries(taskId);
  const scroller = useRef<HTMLDivElement>(null);
  const [proof, setProof] = useState<number | null>(null);
  const [follows, setFollows] = useState(true);
  const [asked, setAsked] = useState(SHOWN_MAX);
  const isProof = (row: ReportRow) =>
    proof !== null && row.kind !== 'gap' && (row.entry === proof || (row.kind === 'report' && row.answer === proof));
  const hasProof = rows.some(isProof);
  useLayoutEffect(() => {
    // Not before it is drawn: Next writes the address of a page with that.
    const seq = proofInAddress();
    setProof(seq);
    setFollows(seq === null);
  }, []);
  useProof(proof, first, earlier);
  useInView(scroller, hasProof);
  const last = rows.at(-1)?.key;
  useEffect(() => {
    const box = scroller.current;
    if (box && follows && last !== undefined) box.scrollTop = box.scrollHeight;
  }, [follows, last]);
  const isMore = first !== undefined && first.streamSeq > 1;
  const hidden = hasProof ? 0 : Math.max(0, rows.length - asked);
  const showEarlier = () => {
    setAsked(asked + SHOWN_MAX);
    if (hidden < SHOWN_MAX && isMore) earlier.mutate(first.streamSeq);
  };
  return (
    <div
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      role="log"
      aria-label="Messages of both sides"
      onScroll={({ currentTarget: box }) =>
        setFollows(box.scrollHeight - box.scrollTop - box.clientHeight < FOLLOWS_PX)
      }
      className="thin-scroll min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2 max-wide:max-h-[60dvh]"
    >
      {(hidden > 0 || isMore) && (
        <p className="px-3 py-2">
          <Button size="small" busy={earlier.isPending} onClick={showEarlier}>
            {isMore ? 'Show earlier' : `Show ${Math.min(hidden, SHOWN_MAX)} earlier of ${countText(hidden)}`}
          </Button>
          {earlier.isError && <span className="ml-2 text-meta text-fail-text">{earlier.error.message}</span>}
        </p>
      )}
      {rows.length === 0 && <p className="px-3 py-2.5 text-text-2">Nothing was said yet.</p>}
      <ol className="py-1.5">
        {rows.slice(hidden).map((row) => (
          <li key={row.key} aria-current={isProof(row) || undefined} className="aria-[current]:bg-press">
            <ReportLine row={row} />
          </li>
        ))}
      </ol>
    </div>
  );
}

/** A chart leads to the entry that proves its point, by its seq. */
function proofInAddress(): number | null {
  const [, seq] = /^#entry-(\d+)$/.exec(window.location.hash) ?? [];
  return seq === undefined ? null : Number(seq);
}

/** Loads page after page until the proof is among what is loaded, however far back it lies. */
function useProof(proof: number | null, first: WireEntry | undefined, earlier: ReturnType<typeof useEarlierEntries>) {
  useEffect(() => {
    if (proof === null || !first || first.seq <= proof || first.streamSeq === 1) return;
    if (earlier.isIdle || (earlier.isSuccess && earlier.variables !== first.streamSeq)) earlier.mutate(first.streamSeq);
  }, [proof, first, earlier]);
}

/** Brings the current row into view once it is there. */
function useInView(scroller: RefObject<HTMLElement | null>, isThere: boolean): void {
  useEffect(() => {
    if (isThere) scroller.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'center' });
  }, [scroller, isThere]);
}
