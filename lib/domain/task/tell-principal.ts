import type { PayloadOf } from '@/lib/protocol/entry';
import type { PrincipalNews } from '@/lib/protocol/task';
import type { PlacedFact, TaskRecord } from './task-record';

type News = { about: PrincipalNews; text: string };

/** As a sentence: agents end theirs as they like. */
const sentence = (text: string): string => (/[.!?…]\s*$/.test(text) ? text.trimEnd() : `${text}.`);

const takeovers = {
  recovery_failed: 'Its agent fell silent and did not come back.',
  given: 'It was taken from its agent and given to you.',
} as const;

/** Only what comes into the principal's own hands without its doing is news to it. */
function takeoverOf({ holder, why, reason, summary, evidence }: PayloadOf<'task.taken_over'>): News | null {
  if (why !== 'recovery_failed' && why !== 'given') return null;
  if (holder === null || holder.kind === 'person') return null;
  const because = why === 'given' && reason ? ` Why: ${sentence(reason)}` : '';
  const proof = evidence.length > 0 ? ` Evidence so far: ${sentence(evidence.join('; '))}` : '';
  return { about: 'takeover', text: `${takeovers[why]} You hold the task now.${because} ${summary}${proof}` };
}

/** What one fact means to a principal that is an agent, in words that it can use; null for what it need not know. */
function newsOf(fact: PlacedFact): News | null {
  if (fact.type === 'task.taken_over') return takeoverOf(fact.payload);
  if (fact.type !== 'task.report_accepted') return null;
  const { message } = fact.payload;
  switch (message.type) {
    case 'INITIALIZATION': {
      const duration = message.estimated_duration ? `, expected to take ${message.estimated_duration}` : '';
      return { about: 'announcement', text: `${message.agent_id} has begun it${duration}.` };
    }
    case 'MILESTONE_COMPLETED': {
      const figure = message.progress_percentage === undefined ? '' : ` (${message.progress_percentage} %)`;
      const proof = message.evidence ? ` ${sentence(message.evidence)}` : '';
      return { about: 'milestone', text: `Milestone reached${figure}: ${message.milestone}.${proof}` };
    }
    case 'ERROR_REPORT': {
      const blocking = message.blocking ? ' It cannot go on by itself.' : '';
      const recovery = message.recovery_action ? ` Recovery: ${sentence(message.recovery_action)}` : '';
      return {
        about: 'error',
        text: `Error ${message.error_type}: ${sentence(message.error_details ?? 'no details')}${recovery}${blocking}`,
      };
    }
    case 'COMPLETION': {
      const summary = message.results_summary ? ` ${sentence(message.results_summary)}` : '';
      const proof = message.evidence?.length
        ? ` Evidence: ${sentence(message.evidence.join('; '))}`
        : ' No evidence was given.';
      return { about: 'completion', text: `Completed with ${message.status}.${summary}${proof}` };
    }
    case 'HANDOFF_REQUEST':
      return { about: 'handoff', text: `It asks to hand the task over: ${sentence(message.final_status ?? 'ready')}` };
    default:
      return null;
  }
}

/** Whether a principal is to be told of any of these facts. */
export const isNews = ({ tell, principalServer }: TaskRecord, facts: readonly PlacedFact[]): boolean =>
  principalServer !== null &&
  facts.some((fact) => tell.includes(newsOf(fact)?.about ?? 'announcement') && newsOf(fact) !== null);

const DECIDE = 'Answer ACCEPT to accept the handoff, or REJECT and why.';
const INSTRUCT = 'Answer with instructions for the task agent, or with OK when you have none.';

/** One message to the principal about everything it was not told of yet; null where there is nothing. */
export function wordsForPrincipal(record: TaskRecord, facts: readonly PlacedFact[]): string | null {
  const lines = facts.flatMap((fact) => {
    const news = newsOf(fact);
    // One line each, so that no word of an agent looks like another line of ours.
    return news && record.tell.includes(news.about) ? [`- ${news.text.replace(/\s+/g, ' ')}`] : [];
  });
  if (lines.length === 0) return null;
  const asks = record.waitingFor === 'handoff_decision' ? DECIDE : INSTRUCT;
  return [`News of the task “${record.command}”, which is carried out for you:`, ...lines, asks].join('\n');
}

/** What a principal's answer comes to: a decision about the handoff that waits, words for the agent, or nothing. */
export type PrincipalAnswer =
  | { kind: 'accept' }
  | { kind: 'reject'; reason: string }
  | { kind: 'instruct' }
  | { kind: 'nothing' };

/** Only what was asked for is a decision: ACCEPT to a question from before the handoff is words like others. */
export function readAnswer({ waitingFor, asked }: TaskRecord, text: string): PrincipalAnswer {
  const decides = asked?.text.endsWith(DECIDE) ?? false;
  const [, word = ''] = /^[\s*_"“]*([A-Za-z]+)/.exec(text) ?? [];
  const first = word.toUpperCase();
  // Somebody else was faster: what it decides about is no more.
  if (decides && waitingFor !== 'handoff_decision' && ['ACCEPT', 'REJECT'].includes(first)) return { kind: 'nothing' };
  if (decides && first === 'ACCEPT') return { kind: 'accept' };
  if (decides && first === 'REJECT') return { kind: 'reject', reason: text.trim() };
  const isBare = /^\W*(ok(ay)?|noted|none|thanks?( you)?)\W*$/i.test(text) || text.trim() === '';
  return isBare ? { kind: 'nothing' } : { kind: 'instruct' };
}
