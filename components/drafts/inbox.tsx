'use client';

import '@/lib/client/schemas-at-hand';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { usePageHead } from '@/components/shell/page-head';
import { classNames } from '@/components/ui/class-names';
import { ListBody } from '@/components/ui/list-body';
import { useChoiceInAddress, useInAddress, useTextInAddress } from '@/components/ui/use-in-address';
import { useWide } from '@/components/ui/use-wide';
import { useMay } from '@/lib/client/caller';
import { decidedDraftsQuery, waitingDraftsQuery } from '@/lib/client/draft-queries';
import type { Draft } from '@/lib/protocol/draft';
import { BulkBar } from './bulk-bar';
import { DraftDetail } from './draft-detail';
import { endedToday, filterDrafts, nextAfter, shows, waitingOf } from './draft-filter';
import { DraftList } from './draft-list';
import { InboxEmpty } from './inbox-empty';
import { InboxTools } from './inbox-tools';
import { extended, nothingSelected, type Selection, stillThere, toggled } from './selection';
import { useCurrentDraft } from './use-current-draft';
import { useInboxKeys } from './use-inbox-keys';

const none: readonly Draft[] = [];

/** All that waits for a person, and what came of it: a list and one draft beside it, or two pages where that is narrow. */
export function Inbox() {
  const waiting = useQuery(waitingDraftsQuery);
  const decided = useQuery(decidedDraftsQuery);
  const [show, setShow] = useChoiceInAddress('show', shows, 'waiting');
  const [edge, setEdge] = useInAddress('edge');
  const [text, setText] = useTextInAddress('q');
  const isWide = useWide();
  const mayAnswer = useMay('reviewer');
  const { named, go } = useCurrentDraft();
  const [answeredOnce, setAnsweredOnce] = useState(false);
  usePageHead({});

  const all = useMemo(
    () =>
      show === 'decided'
        ? (decided.data?.items ?? none)
        : waitingOf(waiting.data?.items ?? none, decided.data?.items ?? none),
    [show, waiting.data, decided.data],
  );
  const drafts = useMemo(() => filterDrafts(all, edge, text), [all, edge, text]);
  const order: readonly string[] = useMemo(() => drafts.map(({ id }) => id), [drafts]);
  const currentId = named ?? (isWide ? (order[0] ?? null) : null);
  const { selection, setSelection, select } = useSelection(order);
  const selected = drafts.filter(({ id }) => selection.ids.has(id));

  const open = useCallback((draft: Draft) => go(draft.id, 'push'), [go]);
  const stay = useCallback((draftId: string) => go(draftId), [go]);
  useInboxKeys({ drafts, currentId, maySelect: mayAnswer, go, setSelection });
  const answered = (draft: Draft) => {
    if (draft.status === 'pending') return;
    setAnsweredOnce(true);
    go(nextAfter(order, draft.id));
  };
  const isList = isWide || named === null;
  const list = show === 'decided' ? decided : waiting;

  return (
    <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)] desk:grid-cols-[minmax(0,400px)_minmax(0,1fr)] wide:grid-cols-[488px_minmax(0,1fr)]">
      <section
        aria-label="Inbox"
        className={classNames(
          'min-h-0 min-w-0 flex-col desk:border-line-strong desk:border-r',
          isList ? 'flex' : 'hidden',
        )}
      >
        <InboxTools
          show={show}
          onShow={setShow}
          waiting={waiting.data ? waiting.data.items.length : null}
          decidedToday={decided.data ? endedToday(decided.data.items).length : null}
          drafts={all}
          edge={edge}
          onEdge={setEdge}
          text={text}
          onText={setText}
        />
        <ListBody
          what="drafts"
          query={list}
          count={drafts.length}
          rowClass="h-[83px]"
          moreText="Not all are listed."
          empty={
            <InboxEmpty
              show={show}
              any={all.length > 0}
              onShowAll={() => {
                setEdge(null);
                setText('');
              }}
            />
          }
        >
          <DraftList
            drafts={drafts}
            currentId={currentId}
            selection={selection}
            selectable={mayAnswer}
            onOpen={open}
            onSelect={select}
          />
        </ListBody>
        {selected.length > 0 && (
          <BulkBar
            drafts={selected}
            onVeto={({ id }) => setSelection((old) => toggled(old, id))}
            onClear={() => setSelection(nothingSelected)}
          />
        )}
      </section>
      <section
        aria-label="Draft"
        className={classNames('min-h-0 min-w-0 flex-col', isWide || named ? 'flex' : 'hidden')}
      >
        {currentId === null ? (
          <div className="min-h-0 flex-1 bg-surface" />
        ) : (
          <DraftDetail
            draftId={currentId}
            known={all.find(({ id }) => id === currentId)}
            focus={answeredOnce}
            onAnswering={stay}
            onAnswered={answered}
            onBack={isWide ? null : () => go(null)}
          />
        )}
      </section>
    </div>
  );
}

/** What is selected, without what has left the list meanwhile. */
function useSelection(order: readonly string[]) {
  const [kept, setSelection] = useState<Selection>(nothingSelected);
  const selection = useMemo(() => stillThere(kept, order), [kept, order]);
  const select = useCallback(
    (draft: Draft, extend: boolean) =>
      setSelection((old) => (extend ? extended(old, order, draft.id) : toggled(old, draft.id))),
    [order],
  );
  return { selection, setSelection, select };
}
