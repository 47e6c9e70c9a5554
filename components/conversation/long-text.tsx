'use client';

import { AgentText } from '@/components/ui/agent-text';
import { cutText } from '@/components/ui/cut-text';
import { HostileText } from '@/components/ui/hostile-text';
import { ShowAll } from '@/components/ui/show-all';
import { useFold } from './stage-context';

const SHOWN_MAX = 1_600;

type LongTextProps = {
  /** Names the text for as long as the page is open: whether all of it is shown is kept under it. */
  id: string;
  text: string;
  /** How it is written: an agent's Markdown, or plain words. */
  as: 'markdown' | 'plain';
};

/** A text that others wrote, cut when it is long until the reader asks for all of it. */
export function LongText({ id, text, as }: LongTextProps) {
  const [whole, toggle] = useFold(`${id}:whole`, false);
  const isLong = text.length > SHOWN_MAX;
  const shown = whole ? text : cutText(text, SHOWN_MAX, '…');
  return (
    <>
      {as === 'markdown' && mayBeMarkup(shown) ? <AgentText text={shown} /> : <HostileText text={shown} />}
      {isLong && <ShowAll isWhole={whole} onToggle={toggle} length={text.length} />}
    </>
  );
}

/** Whether Markdown could read anything but words here: reading it costs far more than showing them. */
const mayBeMarkup = (text: string) => /[*_`#>|~[\]\\<&\n\t]|^\s*([-+]|\d+[.)])\s|https?:|www\.|@/.test(text);
