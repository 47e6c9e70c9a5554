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
  return (
    <bdi
      {...(ours && { dir: 'ltr' })}
      className={classNames(wrap && 'whitespace-pre-wrap [overflow-wrap:anywhere]', className)}
    >
      {splitHidden(text).map((piece, index) => {
        const key = `${index}-${piece.kind}`;
        if (piece.kind === 'text') return <Fragment key={key}>{piece.text}</Fragment>;
        return <HiddenCharacter key={key} code={piece.code} name={piece.name} />;
      })}
    </bdi>
  );
}
