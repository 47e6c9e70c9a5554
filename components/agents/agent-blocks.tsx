'use client';

import { useState } from 'react';
import { counted, countText } from '@/components/ui/count-text';
import { cutText } from '@/components/ui/cut-text';
import { HostileText } from '@/components/ui/hostile-text';
import { Panel } from '@/components/ui/panel';
import { ShowAll } from '@/components/ui/show-all';
import { StateShape } from '@/components/ui/state-shape';
import type { Block } from '@/lib/protocol/agent';

const SHOWN_MAX = 1_200;

/** What the agent remembers, block by block, as its server has it. */
export const AgentBlocks = ({ blocks }: { blocks: readonly Block[] }) => (
  <Panel title="Memory" beside={counted(blocks.length, 'block')}>
    {blocks.length === 0 && <p className="px-3 py-2.5 text-text-2">It has no memory blocks.</p>}
    {blocks.map((block) => (
      <BlockView key={block.label} block={block} />
    ))}
  </Panel>
);

function BlockView({ block }: { block: Block }) {
  const [whole, setWhole] = useState(false);
  const { label, value, limit } = block;
  return (
    <section aria-label={label} className="border-line border-t px-3 pt-2 pb-3 first-of-type:border-t-0">
      <div className="mb-1 flex items-baseline justify-between gap-3">
        <h3 className="truncate font-mono text-mono text-text-2">
          <HostileText text={label} wrap={false} />
        </h3>
        <span className="flex-none text-meta text-text-3">
          {countText(value.length)}
          {limit !== undefined && ` of ${countText(limit)}`} characters
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
        <HostileText text={whole ? value : cutText(value, SHOWN_MAX, '…')} className="block text-talk text-pretty" />
      )}
      {value.length > SHOWN_MAX && <ShowAll isWhole={whole} onToggle={() => setWhole(!whole)} length={value.length} />}
    </section>
  );
}
