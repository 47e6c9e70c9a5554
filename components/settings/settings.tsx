'use client';

import '@/lib/client/schemas-at-hand';
import dynamic from 'next/dynamic';
import { Segmented } from '@/components/ui/segmented';
import { LoadingRows } from '@/components/ui/skeleton';
import { ToolsBar } from '@/components/ui/tools-bar';
import { useChoiceInAddress } from '@/components/ui/use-in-address';
import { useMay } from '@/lib/client/caller';

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
/** Each is a file of its own, of which the one that is shown comes with the page. */
const loading = () => <LoadingRows rows={4} rowClass="h-14" what="the section" />;
const panes: Record<Section, React.ComponentType> = {
  you: dynamic(() => import('./you-settings').then(({ YouSettings }) => YouSettings), { loading }),
  letta: dynamic(() => import('./letta-settings').then(({ LettaSettings }) => LettaSettings), { loading }),
  review: dynamic(() => import('./review-settings').then(({ ReviewSettings }) => ReviewSettings), { loading }),
  people: dynamic(() => import('./people-settings').then(({ PeopleSettings }) => PeopleSettings), { loading }),
  keys: dynamic(() => import('./key-settings').then(({ KeySettings }) => KeySettings), { loading }),
  workspace: dynamic(() => import('./workspace-settings').then(({ WorkspaceSettings }) => WorkspaceSettings), {
    loading,
  }),
};
const forAdmins: readonly Section[] = ['people', 'keys', 'workspace'];

/** What one sets for oneself, and what an admin sets for everybody. The section stands in the address. */
export function Settings() {
  const isAdmin = useMay('admin');
  const offered = sections.filter((section) => isAdmin || !forAdmins.includes(section));
  const [asked, setAsked] = useChoiceInAddress('section', sections, isAdmin ? 'letta' : 'you');
  const section = offered.includes(asked) ? asked : 'you';
  const Pane = panes[section];
  return (
    <>
      <ToolsBar>
        <Segmented
          label="Section"
          value={section}
          onChange={setAsked}
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
