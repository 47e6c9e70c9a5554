'use client';

import { Filter } from 'lucide-react';
import { routeText } from '@/components/shell/route-text';
import { Button } from '@/components/ui/button';
import { countText } from '@/components/ui/count-text';
import { HostileText } from '@/components/ui/hostile-text';
import { Menu, MenuItem } from '@/components/ui/menu';
import { SearchField } from '@/components/ui/search-field';
import type { Draft } from '@/lib/protocol/draft';
import { edgesAmong, type Show } from './draft-filter';
import { InboxMenu } from './inbox-menu';

type InboxToolsProps = {
  show: Show;
  onShow: (show: Show) => void;
  /** How many wait, and how many were decided today; null while it is loaded. */
  waiting: number | null;
  decidedToday: number | null;
  /** The drafts of what is shown, from which the directions follow. */
  drafts: readonly Draft[];
  edge: string | null;
  onEdge: (edge: string | null) => void;
  text: string;
  onText: (text: string) => void;
};

/** Above the list: what is listed, in which direction, with which words. */
export function InboxTools(props: InboxToolsProps) {
  const { show, onShow, waiting, decidedToday, drafts, edge, onEdge, text, onText } = props;
  const edges = edgesAmong(drafts);
  const chosen = edges.find(({ key }) => key === edge)?.draft;
  return (
    <div className="flex-none border-line-strong border-b">
      <div className="flex min-h-10 items-center gap-2 px-3 max-desk:py-1.5 desk:px-4">
        <h2 className="whitespace-nowrap font-strong text-ui">
          {show === 'decided'
            ? 'Decided'
            : waiting === null
              ? 'Drafts'
              : `${countText(waiting)} ${waiting === 1 ? 'waits' : 'wait'}`}
        </h2>
        <span className="min-w-0 truncate text-meta text-text-3 max-desk:sr-only">
          {show === 'decided' ? 'latest first' : 'oldest deadline first'}
        </span>
        <span className="ml-auto flex flex-none items-center gap-2">
          <Menu
            trigger={
              <Button size="small" icon={Filter} className="max-w-40">
                <span className="truncate">
                  {chosen ? <HostileText text={routeText(chosen)} wrap={false} /> : edge ? 'One edge' : 'All edges'}
                </span>
              </Button>
            }
          >
            <MenuItem onSelect={() => onEdge(null)}>All edges</MenuItem>
            {edges.slice(0, EDGES_MAX).map(({ key, draft, count }) => (
              <MenuItem key={key} onSelect={() => onEdge(key)}>
                <HostileText text={routeText(draft)} wrap={false} /> <span className="text-text-3">{count}</span>
              </MenuItem>
            ))}
          </Menu>
          <Button
            size="small"
            aria-pressed={show === 'decided'}
            onClick={() => onShow(show === 'decided' ? 'waiting' : 'decided')}
          >
            Decided
            {decidedToday !== null && <span className="text-text-3">{countText(decidedToday)} today</span>}
          </Button>
          <InboxMenu />
        </span>
      </div>
      <div className="flex px-3 pb-2 desk:px-4">
        <SearchField
          group="Drafts"
          label="Filter drafts"
          placeholder="Filter by name or text"
          value={text}
          onChange={onText}
        />
      </div>
    </div>
  );
}

/** The busiest; beyond them words find what one looks for. */
const EDGES_MAX = 50;
