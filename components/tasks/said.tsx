'use client';

import { useState } from 'react';
import { cutText } from '@/components/ui/cut-text';
import { HostileText } from '@/components/ui/hostile-text';
import { ShowAll } from '@/components/ui/show-all';

const SHOWN_MAX = 800;

/** What an agent or a person said, cut when it is long until the reader asks for all of it: it may have 256 KiB. */
export function Said({ text }: { text: string }) {
  const [isWhole, setWhole] = useState(false);
  if (text.length <= SHOWN_MAX) return <HostileText text={text} />;
  return (
    <span>
      <HostileText text={isWhole ? text : cutText(text, SHOWN_MAX, '…')} />
      <ShowAll isWhole={isWhole} onToggle={() => setWhole(!isWhole)} length={text.length} />
    </span>
  );
}
