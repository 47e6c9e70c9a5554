'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { SeatTiles } from '@/components/shell/seat-tiles';
import { counted } from '@/components/ui/count-text';
import { oneLine } from '@/components/ui/cut-text';
import { HostileText } from '@/components/ui/hostile-text';
import { RelativeTime } from '@/components/ui/relative-time';
import { SandboxLabel } from '@/components/ui/sandbox-label';
import { hueClass, seatHue } from '@/components/ui/seat-hue';
import { StateBadge } from '@/components/ui/state-badge';
import { newestEntriesQuery } from '@/lib/client/newest-entries';
import type { Conversation } from '@/lib/protocol/conversation';
import { Beats } from './beats';
import { beatsOf, type LastWords, lastWords } from './last-words';

type LiveRowProps = {
  conversation: Conversation;
  /** So many of the last things said are shown. */
  lines: number;
  /** Drafts of it that wait. */
  waiting: number;
  /** Not every one of the page is of the sandbox, so that those that are say it. */
  labelled: boolean;
};

/** One conversation of the strip: who, how it stands, and what was said last. The whole row leads there. */
export function LiveRow({ conversation, lines, waiting, labelled }: LiveRowProps) {
  const { id, title, seats, state, stoppedReason, lastActivityAt, sandbox } = conversation;
  const newest = useQuery(newestEntriesQuery(id, lastActivityAt));
  const entries = newest.data?.items ?? [];
  const said = lastWords(entries, seats, lines);
  const beats = beatsOf(entries);
  return (
    <li className="relative flex min-h-14 min-w-0 items-center gap-3 border-line border-t px-3 py-2 first:border-t-0 hover:bg-hover">
      <span className="desk:w-[66px]">
        <SeatTiles seats={seats} />
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex min-w-0 items-center gap-x-3 whitespace-nowrap max-desk:flex-wrap">
          <Link
            href={`/conversations/${id}`}
            prefetch={false} // one request for each that is listed, which brings its title and nothing else
            className="truncate font-name no-underline after:absolute after:inset-0"
          >
            <HostileText text={title} wrap={false} />
          </Link>
          <StateBadge
            state={state}
            {...(waiting > 0 && { word: `${counted(waiting, 'draft')} ${waiting === 1 ? 'waits' : 'wait'}` })}
            className="flex-none"
          />
          {sandbox && labelled && <SandboxLabel />}
        </div>
        {said.length === 0 && <p className="h-5 truncate text-text-2">{newest.isPending ? '' : 'Nothing said yet'}</p>}
        {said.map((words, index) => (
          <Words key={words.id} words={words} goesOn={state === 'running' && index === said.length - 1} />
        ))}
        {stoppedReason !== null && (
          <p className="truncate text-meta text-text-3">
            <HostileText text={stoppedReason} wrap={false} />
          </p>
        )}
      </div>
      {beats.length > 1 && <Beats beats={beats} />}
      <RelativeTime
        at={lastActivityAt}
        className="relative flex-none whitespace-nowrap text-right font-mono text-micro text-text-3 desk:w-12"
      />
    </li>
  );
}

function Words({ words, goesOn }: { words: LastWords; goesOn: boolean }) {
  const seat = words.seat === null ? 'text-text-2' : `${hueClass[seatHue(words.seat)]} text-seat-text`;
  const who = words.isPerson ? 'text-human-text' : seat;
  return (
    <p className="truncate text-text-2">
      <span className={`font-name ${who}`}>
        <HostileText text={words.name} wrap={false} />
      </span>{' '}
      <HostileText text={oneLine(words.text)} wrap={false} />
      {goesOn && <span aria-hidden="true" className="caret h-3! align-[-2px]!" />}
    </p>
  );
}
