'use client';

import { useState } from 'react';
import { countText } from '@/components/ui/count-text';
import { HostileText } from '@/components/ui/hostile-text';

const SHOWN_MAX = 800;

/** What an agent or a person said, cut when it is long until the reader asks for all of it: it may have 256 KiB. */
export function Said({ text }: { text: string }) {
  const [isWhole, setWhole] = useState(false);
  if (text.length <= SHOWN_MAX) return <HostileText text={text} />;
  // Not within a surrogate pair: half of one would be shown as a hidden character that nobody wrote.
  const beginning = text.slice(0, SHOWN_MAX).replace(/[\ud800-\udbff]$/, '');
  return (
    <span>
      <HostileText text={isWhole ? text : `${beginning}…`} />
      <button
        type="button"
        onClick={() => setWhole(!isWhole)}
        aria-expanded={isWhole}
        className="mt-1 block text-meta text-text-2 underline decoration-line-strong underline-offset-3 hover:decoration-current pointer-coarse:min-h-11"
      >
        {isWhole ? 'Show less' : `Show all ${countText(text.length)} characters`}
      </button>
    </span>
  );
}
