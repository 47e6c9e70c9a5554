import { Fragment } from 'react';
import { classNames } from './class-names';
import { splitHidden } from './hidden-characters';

/** Stands where a character is that would not be seen. */
export const HiddenCharacter = ({ code, name }: { code: string; name: string }) => (
  <span
    title={name}
    className="mx-px rounded-[2px] border border-line-strong bg-ground px-0.5 font-mono text-[0.8em] text-text-2"
  >
    {code}
  </span>
);

/** Whether its first letter is of a script that runs from right to left. */
const runsFromRight = (text: string) => /^\P{L}*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u.test(text);

type HostileTextProps = {
  /** Text that an agent, an engine or a stranger wrote. */
  text: string;
  /** Keeps line breaks and spaces (default). Off for one-line, cut texts. */
  wrap?: boolean;
  /** A sentence of ours with names in it: it runs from left to right, whatever name it begins with. */
  ours?: boolean;
  className?: string;
};

/**
 * Shows a text as text: no markup, direction kept to itself, and every zero-width, bidirectional or control character
 * made visible, so that what a person approves is what is there.
 */
export function HostileText({ text, wrap = true, ours = false, className }: HostileTextProps) {
  // Cut for want of room, a line from right to left would lose its beginning in one that runs the other way.
  const isCutAtLeft = !wrap && !ours && runsFromRight(text);
  return (
    <bdi
      {...(ours && { dir: 'ltr' })}
      {...(isCutAtLeft && { dir: 'rtl' })}
      className={classNames(
        wrap && 'whitespace-pre-wrap [overflow-wrap:anywhere]',
        isCutAtLeft && 'inline-block max-w-full truncate align-bottom',
        className,
      )}
    >
      {splitHidden(text).map((piece, index) => {
        const key = `${index}-${piece.kind}`;
        if (piece.kind === 'text') return <Fragment key={key}>{piece.text}</Fragment>;
        return <HiddenCharacter key={key} code={piece.code} name={piece.name} />;
      })}
    </bdi>
  );
}
