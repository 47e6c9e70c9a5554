'use client';

import type { LucideIcon } from 'lucide-react';
import { classNames } from '@/components/ui/class-names';
import { clockTimeText, exactTimeText } from '@/components/ui/relative-time-text';
import { useStore } from '@/components/ui/store';
import type { Row } from '@/lib/domain/transcript/row';
import { useStage } from './stage-context';

export type Side = 'left' | 'right';

/** Grid of a row by side; the middle width has no glyph, the narrow one the time at the right end of the first line. */
export const rowClass: Record<Side, string> = {
  left: 'relative grid grid-cols-[minmax(0,1fr)_auto] gap-x-2 px-3 py-0.5 desk:grid-cols-[58px_minmax(0,1fr)] desk:pr-3.5 desk:pl-4 wide:grid-cols-[60px_20px_minmax(0,1fr)]',
  right:
    'relative grid grid-cols-[minmax(0,1fr)_auto] gap-x-2 px-3 py-0.5 desk:grid-cols-[minmax(0,1fr)_58px] desk:pr-4 desk:pl-3.5 wide:grid-cols-[minmax(0,1fr)_20px_60px]',
};
export const bodyClass: Record<Side, string> = {
  left: 'col-start-1 row-start-1 min-w-0 max-desk:col-end-3 desk:col-start-2 wide:col-start-3',
  right: 'col-start-1 row-start-1 min-w-0 max-desk:col-end-3',
};
export const timeClass: Record<Side, string> = {
  left: 'z-1 col-start-2 row-start-1 font-mono text-micro leading-5 text-text-3 desk:col-start-1',
  right: 'z-1 col-start-2 row-start-1 text-right font-mono text-micro leading-5 text-text-3 wide:col-start-3',
};
export const glyphClass = 'col-start-2 row-start-1 mt-[3px] ml-[3px] hidden text-text-3 wide:block';

type RowFrameProps = {
  row: Row;
  side: Side;
  glyph: LucideIcon;
  /** What the row is, for readers of the page, before its time. */
  label: string;
  /** What Enter does on it. */
  onOpen?: (() => void) | undefined;
  children: React.ReactNode;
};

/** Grid of one row: time on the outer axis, glyph, body towards the channel; below 900 px the time at the right end. */
export function RowFrame({ row, side, glyph, label, onOpen, children }: RowFrameProps) {
  const { current } = useStage();
  const isCurrent = useStore(current, (id) => id === row.id);
  const at = Date.parse(row.at);
  return (
    <article
      data-row={row.id}
      data-seq={row.seq}
      aria-label={`${label}, ${clockTimeText(at)}`}
      aria-current={isCurrent || undefined}
      tabIndex={isCurrent ? 0 : -1}
      onFocus={() => current.set(row.id)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.target !== event.currentTarget || !onOpen) return;
        event.preventDefault();
        onOpen();
      }}
      className={classNames(
        rowClass[side],
        '-outline-offset-2',
        isCurrent && 'bg-hover',
        isCurrent && "before:absolute before:inset-y-0 before:w-0.5 before:bg-ink before:content-['']",
        side === 'left' ? 'before:left-0' : 'before:right-0 max-desk:before:right-auto max-desk:before:left-0',
      )}
    >
      <RowTime row={row} side={side} isCurrent={isCurrent} />
      <RowGlyph glyph={glyph} />
      <div className={bodyClass[side]}>{children}</div>
    </article>
  );
}

/** When it happened; pressed, it gives the link that leads here. */
function RowTime({ row, side, isCurrent }: { row: Row; side: Side; isCurrent: boolean }) {
  const { copyLink } = useStage();
  const at = Date.parse(row.at);
  return (
    <button
      type="button"
      tabIndex={isCurrent ? 0 : -1}
      title={`${exactTimeText(at)}. Press to copy a link that leads here.`}
      onClick={() => copyLink(row)}
      className={classNames(
        timeClass[side],
        side === 'left' && 'desk:text-left',
        'self-start rounded-tile hover:text-text hover:underline pointer-coarse:flex pointer-coarse:min-h-11 pointer-coarse:min-w-11 pointer-coarse:items-start pointer-coarse:max-desk:justify-end',
      )}
    >
      <span className="sr-only">Copy a link to what was said at </span>
      <time dateTime={row.at}>{clockTimeText(at)}</time>
    </button>
  );
}

const RowGlyph = ({ glyph: Glyph }: { glyph: LucideIcon }) => (
  <Glyph aria-hidden="true" size={14} strokeWidth={1.5} className={glyphClass} />
);

/** First line of a row: 12 on 20, what it is, what it is about, and a figure at its end. */
export const RowLine = ({ children }: { children: React.ReactNode }) => (
  <div className="flex h-5 min-w-0 pointer-coarse:h-auto pointer-coarse:min-h-5 items-baseline gap-2 whitespace-nowrap text-meta leading-5 text-text-3 max-desk:pr-[68px]">
    {children}
  </div>
);

type RowToggleProps = { open: boolean; onToggle: () => void; mono?: boolean; children: React.ReactNode };

/** The part of a row's first line that opens it and folds it again. */
export const RowToggle = ({ open, onToggle, mono = false, children }: RowToggleProps) => (
  <button
    type="button"
    aria-expanded={open}
    onClick={onToggle}
    className={classNames(
      'flex min-w-0 flex-1 items-baseline gap-2 rounded-tile text-left hover:text-text pointer-coarse:min-h-11',
      mono && 'font-mono text-mono',
    )}
  >
    {children}
  </button>
);

export const RowName = ({ children }: { children: React.ReactNode }) => (
  <b className="max-w-3/5 flex-none truncate font-name text-text-2">{children}</b>
);

export const RowEnd = ({ children }: { children: React.ReactNode }) => (
  <span className="ml-auto flex-none pl-2 font-mono text-micro leading-5">{children}</span>
);
