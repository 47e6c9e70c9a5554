'use client';

import { AgentText } from '@/components/ui/agent-text';
import { countText } from '@/components/ui/count-text';
import { HostileText } from '@/components/ui/hostile-text';
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
  const shown = isLong && !whole ? `${cut(text)}…` : text;
  return (
    <>
      {as === 'markdown' && mayBeMarkup(shown) ? <AgentText text={shown} /> : <HostileText text={shown} />}
      {isLong && (
        <button
          type="button"
          onClick={toggle}
          aria-expanded={whole}
          className="mt-1 block text-meta text-text-2 underline decoration-line-strong underline-offset-3 hover:decoration-current pointer-coarse:min-h-11"
        >
          {whole ? 'Show less' : `Show all ${countText(text.length)} characters`}
        </button>
      )}
    </>
  );
}

/** Whether Markdown could read anything but words here: reading it costs far more than showing them. */
const mayBeMarkup = (text: string) => /[*_`#>|~[\]\\<&\n\t]|^\s*([-+]|\d+[.)])\s|https?:|www\.|@/.test(text);

/** Not within a surrogate pair: half of one would be shown as a hidden character that nobody wrote. */
function cut(text: string): string {
  const last = text.charCodeAt(SHOWN_MAX - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? SHOWN_MAX - 1 : SHOWN_MAX);
}
