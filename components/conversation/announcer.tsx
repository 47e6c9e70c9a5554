'use client';

import { useEffect, useRef, useState } from 'react';
import { countText } from '@/components/ui/count-text';
import { oneLine } from '@/components/ui/cut-text';
import { type Row, rowKind } from '@/lib/domain/transcript/row';
import { paneOf, type Transcript } from '@/lib/domain/transcript/transcript-state';
import { useStage, type Who } from './stage-context';

const AT_ONCE_MAX = 3;
const PAUSE_MS = 1_500;

/** Says finished messages to readers of the page, politely and not faster than they can be heard. Never tokens. */
export function Announcer({ transcript }: { transcript: Transcript }) {
  const { who } = useStage();
  const [words, setWords] = useState('');
  const told = useRef<number | null>(null);
  const latest = useRef({ transcript, who });
  useEffect(() => {
    latest.current = { transcript, who };
  });
  useEffect(() => {
    const timer = setInterval(() => {
      const { transcript: now, who: names } = latest.current;
      const last = Math.max(0, ...now.seats.map((seat) => paneOf(now, seat.id).last()?.place ?? 0));
      const rows = told.current === null ? [] : newTalk(now, told.current);
      told.current = last;
      if (rows.length > 0) setWords(announcement(rows, names));
    }, PAUSE_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {words}
    </div>
  );
}

function newTalk(transcript: Transcript, after: number): Row[] {
  return transcript.seats
    .flatMap((seat) => {
      const pane = paneOf(transcript, seat.id);
      const rows: Row[] = [];
      for (let row = pane.last(); row && row.place > after; row = pane.previous(row.place)) rows.push(row);
      return rows;
    })
    .filter((row) => ['received', 'assistant', 'spoken', 'ended'].includes(rowKind(row)))
    .sort((one, other) => one.place - other.place);
}

function announcement(rows: readonly Row[], who: Who): string {
  if (rows.length > AT_ONCE_MAX) return `${countText(rows.length)} new messages`;
  return rows.map((row) => sentence(row, who)).join('. ');
}

function sentence(row: Row, who: Who): string {
  const name = who[row.seat]?.name ?? 'Agent';
  const { spoken, received, seen, ended } = row.parts;
  if (spoken?.as) return `${spoken.name} as ${name}: ${oneLine(spoken.content)}`;
  if (spoken) return `${spoken.name} to ${name}: ${oneLine(spoken.content)}`;
  if (received)
    return `${(received.from && who[received.from]?.name) || seen?.senderName || 'An agent'} to ${name}: ${oneLine(received.content)}`;
  if (ended) return `${name}’s turn ended: ${ended.error ?? ended.stopReason}`;
  return `${name}: ${oneLine(seen?.text ?? '')}`;
}
