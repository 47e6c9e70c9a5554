'use client';

import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { Segmented } from '@/components/ui/segmented';
import { ToolsBar } from '@/components/ui/tools-bar';
import { useMay } from '@/lib/client/caller';
import { KeySettings } from './key-settings';
import { LettaSettings } from './letta-settings';
import { PeopleSettings } from './people-settings';
import { ReviewSettings } from './review-settings';
import { WorkspaceSettings } from './workspace-settings';
import { YouSettings } from './you-settings';

const sections = ['you', 'letta', 'review', 'people', 'keys', 'workspace'] as const;
type Section = (typeof sections)[number];

const labels: Record<Section, string> = {
  you: 'You',
  letta: 'Letta servers',
  review: 'Review',
  people: 'People',
  keys: 'API keys',
  workspace: 'Workspace',
};
const panes: Record<Section, React.ComponentType> = {
  you: YouSettings,
  letta: LettaSettings,
  review: ReviewSettings,
  people: PeopleSettings,
  keys: KeySettings,
  workspace: WorkspaceSettings,
};
const forAdmins: readonly Section[] = ['people', 'keys', 'workspace'];

/** What one sets for oneself, and what an admin sets for everybody. The section stands in the address. */
export function Settings() {
  const isAdmin = useMay('admin');
  const offered = sections.filter((section) => isAdmin || !forAdmins.includes(section));
  const [asked, setAsked] = useQueryState(
    'section',
    parseAsStringLiteral(sections).withDefault(isAdmin ? 'letta' : 'you'),
  );
  const section = offered.includes(asked) ? asked : 'you';
  const Pane = panes[section];
  return (
    <>
      <ToolsBar>
        <Segmented
          label="Section"
          value={section}
          onChange={(next) => void setAsked(next)}
          segments={offered.map((value) => ({ value, label: labels[value] }))}
        />
      </ToolsBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto p-3 desk:px-4">
        <div className="grid max-w-[880px] grid-cols-[minmax(0,1fr)] gap-3">
          <Pane />
        </div>
      </div>
    </>
  );
}
