import type { DraftState } from './draft-state';
import { decidingVerdict } from './draft-state';

/** What the author of a message reads instead of a receipt or a reply, and what its conversation says of it. */
export type AuthorWords = { status: 'success' | 'error'; text: string; reason: string };

/**
 * The words for a message that was not let through. Who decided is named; that nothing arrived is said in every case, so
 * that no author believes otherwise.
 */
export function authorWords(draft: Pick<DraftState, 'status' | 'verdicts' | 'to'>): AuthorWords {
  const to = draft.to.name;
  const verdict = decidingVerdict(draft);
  if (!verdict) {
    return {
      status: 'error',
      text: `Error: nobody reviewed your message to ${to} in time; it was not delivered.`,
      reason: 'Nobody reviewed it in time.',
    };
  }
  const { name, content = '', reason } = verdict;
  switch (verdict.verdict) {
    case 'respond':
      return {
        status: 'success',
        text: `Your message was not delivered to ${to}. ${name}, who reviews this conversation, answers instead: ${content}`,
        reason: `${name} answered the author instead.`,
      };
    case 'ignore':
      return {
        status: 'success',
        text: `Your message was not delivered to ${to}, and there will be no reply. Go on without it.`,
        reason: `${name} had the author go on without delivery.`,
      };
    default:
      return {
        status: 'error',
        text: `Error: ${name}, who reviews this conversation, rejected your message to ${to}; it was not delivered.${reasonText(reason)}`,
        reason: `${name} rejected it.${reasonText(reason)}`,
      };
  }
}

const reasonText = (reason: string | undefined): string => (reason ? ` Reason: ${reason}` : '');

/** What is added to the answer that the author of an edited message reads. */
export const editedNote = ({ content, by }: { content: string; by: string }): string =>
  `${by}, who reviews this conversation, edited your message before it was delivered. What was delivered: ${content}`;

/** Who was faster, and with what: for whoever comes too late. */
export function decidedBy(draft: Pick<DraftState, 'status' | 'verdicts'>): string {
  const verdict = decidingVerdict(draft);
  if (verdict) return `${verdict.name} was faster: the draft is ${draft.status}.`;
  return draft.status === 'expired' ? 'Its time ran out; nobody had decided.' : `The draft is ${draft.status}.`;
}
