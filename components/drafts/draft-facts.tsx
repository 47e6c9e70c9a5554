'use client';

import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useState } from 'react';
import type { DraftAnswer } from '@/components/shell/use-draft-answer';
import { hashText, statusWords, twoPersonWords } from '@/components/shell/verdict-words';
import { countText } from '@/components/ui/count-text';
import { HostileText } from '@/components/ui/hostile-text';
import { RelativeTime } from '@/components/ui/relative-time';
import { clockTimeText } from '@/components/ui/relative-time-text';
import { decidedDraftsQuery } from '@/lib/client/draft-queries';
import type { Draft } from '@/lib/protocol/draft';
import { endedToday } from './draft-filter';
import { RuleMenu } from './rule-menu';

/** Beside the draft: why it waits, until when, and what an answer is bound to. */
export function DraftFacts({ draft, answer }: { draft: Draft; answer: DraftAnswer }) {
  const like = useLikeThis(draft);
  const isWaiting = draft.status === 'pending';
  return (
    <aside
      aria-label="About this draft"
      className="border-line px-3 py-3 text-meta max-wide:border-t desk:px-4 wide:border-l"
    >
      <dl className="grid gap-3">
        <Fact name="Held because">
          <HostileText text={draft.why} ours />
        </Fact>
        <Fact name="Parked">
          {clockTimeText(Date.parse(draft.createdAt))}, <RelativeTime at={draft.createdAt} phrase />
        </Fact>
        {isWaiting && (
          <Fact name="At the deadline">
            {draft.expiresAt === null ? (
              'It has none: it waits until somebody answers.'
            ) : (
              <HostileText text={`Expires. ${draft.from.name} is told that nobody answered.`} ours />
            )}
          </Fact>
        )}
        <Fact name="Answer is bound to sha256">
          <Hash hash={answer.hash} />
        </Fact>
        {answer.mode === 'edit' && answer.words.edit !== draft.content && (
          <Fact name="Your text, sha256">
            <HashOf text={answer.words.edit} />
          </Fact>
        )}
        {isWaiting && (
          <Fact name="Asks for">
            <HostileText text={draft.reviewers > 1 ? (twoPersonWords(draft) ?? 'Two people') : 'One person'} />
          </Fact>
        )}
        {like && (
          <Fact name="Like this one">
            <HostileText text={like} />
          </Fact>
        )}
        {draft.entry !== undefined && (
          <Fact name="Entry">
            <span className="font-mono text-micro text-text-2">#{countText(draft.entry)}</span>
          </Fact>
        )}
      </dl>
      <RuleMenu draft={draft} />
    </aside>
  );
}

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div>
    <dt className="text-text-3">{name}</dt>
    <dd className="mt-0.5 min-w-0 text-text [overflow-wrap:anywhere]">{children}</dd>
  </div>
);

const Hash = ({ hash }: { hash: string }) => (
  <span title={hash} className="font-mono text-micro text-text-2">
    {hashText(hash)}
  </span>
);

/** The hash of what is being written; without one where the browser has no way to compute it (no https). */
function HashOf({ text }: { text: string }) {
  const latest = useDeferredValue(text);
  const [hash, setHash] = useState<string | null>(null);
  useEffect(() => {
    let stale = false;
    void sha256(latest).then((next) => stale || setHash(next));
    return () => {
      stale = true;
    };
  }, [latest]);
  return hash === null ? 'computed when it is sent' : <Hash hash={hash} />;
}

async function sha256(text: string): Promise<string | null> {
  if (!window.isSecureContext) return null;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What became of the author's drafts today: `3 from Bob today: 2 approved, 1 edited`. */
function useLikeThis({ id, from }: Draft): string | null {
  const decided = useQuery(decidedDraftsQuery).data?.items ?? [];
  const like = endedToday(decided).filter((draft) => draft.id !== id && draft.from.agentId === from.agentId);
  if (like.length === 0) return null;
  const kinds = [...Map.groupBy(like, ({ status }) => status)].map(
    ([status, drafts]) => `${drafts.length} ${statusWords[status].toLowerCase()}`,
  );
  return `${like.length} from ${from.name} today: ${kinds.join(', ')}`;
}
