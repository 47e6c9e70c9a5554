import type { WordDifference } from '@/lib/domain/draft/word-difference';
import { classNames } from './class-names';
import { HostileText } from './hostile-text';

/** How a text became another: what went out struck through, what came in underlined. Both are read out as such. */
export function Difference({ difference, mono = false }: { difference: WordDifference; mono?: boolean }) {
  return (
    <p
      dir="auto"
      className={classNames(
        'isolate rounded-control border border-line bg-ground px-[11px] py-[9px] text-pretty [overflow-wrap:anywhere]',
        mono ? 'font-mono text-mono' : 'text-talk leading-[22px]',
      )}
    >
      {difference.pieces.map(({ kind, text }, index) => {
        const key = `${index}-${kind}`;
        if (kind === 'same') return <HostileText key={key} text={text} />;
        if (kind === 'out') {
          return (
            <del key={key} className="rounded-[2px] bg-del-wash px-0.5 py-px decoration-1">
              <HostileText text={text} />
            </del>
          );
        }
        return (
          <ins key={key} className="rounded-[2px] bg-add-wash px-0.5 py-px underline decoration-1 underline-offset-3">
            <HostileText text={text} />
          </ins>
        );
      })}
    </p>
  );
}

/** `8 words out, 7 in`; `nothing changed`. */
export function differenceText({ pieces, out, in: came }: WordDifference): string {
  if (pieces.every(({ kind }) => kind === 'same')) return 'nothing changed';
  if (out + came === 0) return 'only marks and spaces changed';
  return `${out} ${out === 1 ? 'word' : 'words'} out, ${came} in`;
}
