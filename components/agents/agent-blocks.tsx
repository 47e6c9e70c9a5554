'use client';

import { useState } from 'react';
import { HostileText } from '@/components/ui/hostile-text';
import { Panel } from '@/components/ui/panel';
import { StateShape } from '@/components/ui/state-shape';
import type { Block } from '@/lib/protocol/agent';

const figures = new Intl.NumberFormat('en');
const SHOWN_MAX = 1_200;

/** What the agent remembers, block by block, as its server has it. */
export const AgentBlocks = ({ blocks }: { blocks: readonly Block[] }) => (
  <Panel title="Memory" beside={`${blocks.length} ${blocks.length === 1 ? 'block' : 'blocks'}`}>
    {blocks.length === 0 && <p className="px-3 py-2.5 text-text-2">It has no memory blocks.</p>}
    {blocks.map((block) => (
      <BlockView key={block.label} block={block} />
    ))}
  </Panel>
);

function BlockView({ block }: { block: Block }) {
  const [whole, setWhole] = useState(false);
  const { label, value, limit } = block;
  const cut = !whole && value.length > SHOWN_MAX;
  return (
    <section aria-label={label} className="border-line border-t px-3 pt-2 pb-3 first-of-type:border-t-0">
      <div className="mb-1 flex items-baseline justify-between gap-3">
        <h3 className="truncate font-mono text-mono text-text-2">{label}</h3>
        <span className="flex-none text-meta text-text-3">
          {figures.format(value.length)}
          {limit !== undefined && ` of ${figures.format(limit)}`} characters
        </span>
      </div>
      {limit !== undefined && value.length > limit && (
        <p className="mb-1 flex items-start gap-1.5 text-meta text-text-2">
          <StateShape shape="octagon" className="mt-0.5 size-3 flex-none" />
          Longer than its limit: Letta does not enforce limits, and the whole block stands in every request to the
          model.
        </p>
      )}
      {value === '' ? (
        <p className="text-text-3">Empty</p>
      ) : (
        <HostileText text={cut ? value.slice(0, SHOWN_MAX) : value} className="block text-talk text-pretty" />
      )}
      {cut && (
        <button
          type="button"
          className="mt-1 min-h-6 text-meta text-text-2 underline decoration-line-strong underline-offset-3"
          onClick={() => setWhole(true)}
        >
          Show all {figures.format(value.length)} characters
        </button>
      )}
    </section>
  );
}
