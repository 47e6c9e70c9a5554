import type { DifferencePiece, WordDifference } from '@/lib/domain/draft/word-difference';

/** So much of what stayed the same is shown on either side of a change, in characters. */
const AROUND = 80;
const GAP = ' … ';

/** The difference with what stayed the same cut to what stands around the changes; itself where nothing is long. */
export function shortened(difference: WordDifference): WordDifference {
  const last = difference.pieces.length - 1;
  const pieces = difference.pieces.map((piece, index) => cut(piece, index === 0, index === last));
  return pieces.every((piece, index) => piece === difference.pieces[index]) ? difference : { ...difference, pieces };
}

function cut(piece: DifferencePiece, isFirst: boolean, isLast: boolean): DifferencePiece {
  const { kind, text } = piece;
  const room = isFirst || isLast ? AROUND : 2 * AROUND;
  if (kind !== 'same' || text.length <= room + GAP.length) return piece;
  const begin = isFirst ? '' : text.slice(0, AROUND).replace(/\S*$/, '');
  const end = isLast ? '' : text.slice(-AROUND).replace(/^\S*/, '');
  return { kind, text: `${begin}${GAP}${end}` };
}
