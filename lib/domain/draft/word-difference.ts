import { type ChangeObject, diffArrays } from 'diff';

/** A stretch of two texts: in both, only in the old one (`out`), or only in the new one (`in`). */
export type DifferencePiece = { kind: 'same' | 'out' | 'in'; text: string };

export type WordDifference = {
  /** In reading order. `same` and `out` together are the old text, `same` and `in` the new one, to the character. */
  pieces: DifferencePiece[];
  /** How many words went out, and how many came in. */
  out: number;
  in: number;
};

/** So many changed words are told apart; beyond them a stretch is shown as one replaced by the other. */
const EDITS_MAX = 800;

const tokens = /\s+|[\p{L}\p{N}\p{M}'’_-]+|[^\s\p{L}\p{N}\p{M}'’_-]/gu;
const isWord = (token: string) => /[\p{L}\p{N}]/u.test(token);
const wordsIn = (text: string) => (text.match(tokens) ?? []).filter(isWord).length;

/** How one text became the other, by words and marks. */
export function wordDifference(before: string, after: string): WordDifference {
  const [old, now] = [before.match(tokens) ?? [], after.match(tokens) ?? []];
  const changes = diffArrays(old, now, { maxEditLength: EDITS_MAX });
  const pieces = changes ? gathered(changes.map(toPiece)) : replaced(before, after);
  const count = (kind: 'in' | 'out') =>
    pieces.reduce((sum, piece) => (piece.kind === kind ? sum + wordsIn(piece.text) : sum), 0);
  return { pieces, out: count('out'), in: count('in') };
}

const toPiece = ({ value, added, removed }: ChangeObject<string[]>): DifferencePiece => ({
  kind: added ? 'in' : removed ? 'out' : 'same',
  text: value.join(''),
});

const replaced = (before: string, after: string): DifferencePiece[] => [
  { kind: 'out', text: before },
  { kind: 'in', text: after },
];

/** Changes with nothing but a space between them are one change: `one two` became `three four`. */
function gathered(pieces: readonly DifferencePiece[]): DifferencePiece[] {
  const all: DifferencePiece[] = [];
  let change = { out: '', in: '' };
  const close = () => {
    if (change.out) all.push({ kind: 'out', text: change.out });
    if (change.in) all.push({ kind: 'in', text: change.in });
    change = { out: '', in: '' };
  };
  for (const [index, { kind, text }] of pieces.entries()) {
    if (kind !== 'same') change = { ...change, [kind]: change[kind] + text };
    else if (index > 0 && index < pieces.length - 1 && /^\s+$/.test(text)) {
      change = { out: change.out + text, in: change.in + text };
    } else {
      close();
      all.push({ kind, text });
    }
  }
  close();
  return all;
}
