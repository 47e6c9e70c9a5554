import type { ComplianceCheck, TaskCompliance } from '@/lib/protocol/task';
import type { TaskReportType } from '@/lib/protocol/task-message';
import { applyTask } from './apply-task';
import { isWatched } from './next-clock';
import { pathsIn } from './paths-in';
import { msBetween, type PlacedFact, type TaskRecord } from './task-record';

/** A fact with its number in the ledger: an entry of a task's stream is one. */
export type NumberedFact = PlacedFact & { seq: number };

type Check = Omit<ComplianceCheck, 'rule' | 'principle' | 'about'>;
type Reports = Extract<NumberedFact, { type: 'task.report_accepted' }>[];

/** How soon after its start an agent announces itself. */
const ANNOUNCED_WITHIN_MS = 5_000;
/** A check names at most so many entries as its proof. */
const PROOF_MAX = 50;

const unknown: Check = { value: null, unit: '', limit: null, verdict: 'unknown', entries: [], details: [] };

const judge = (
  value: number,
  { unit, limit, holds }: { unit: string; limit: number; holds: boolean },
  entries: readonly number[],
  details: readonly string[] = [],
): Check => ({
  value,
  unit,
  limit,
  verdict: holds ? 'held' : 'broken',
  entries: [...new Set(entries)].slice(0, PROOF_MAX),
  details: details.slice(0, PROOF_MAX),
});

const reportsIn = (facts: readonly NumberedFact[]): Reports =>
  facts.filter((fact): fact is Reports[number] => fact.type === 'task.report_accepted');

const ofType = <T extends TaskReportType>(reports: Reports, type: T) =>
  reports.flatMap(({ seq, receivedAt, payload: { message } }) =>
    message.type === type ? [{ seq, receivedAt, message: message as Extract<typeof message, { type: T }> }] : [],
  );

/** A word of its agent, if only one that was refused. Who may not speak for it is somebody else. */
const isContact = (fact: NumberedFact): boolean =>
  fact.type === 'task.report_accepted' ||
  (fact.type === 'task.report_refused' && fact.payload.code !== 'auth.forbidden');

/** From its first contact, or from the creation where a runner of ours begins at once. */
function announcement(facts: readonly NumberedFact[]): Check {
  const [created] = facts;
  const introduced = facts.find(
    (fact) => fact.type === 'task.report_accepted' && fact.payload.message.type === 'INITIALIZATION',
  );
  if (created?.type !== 'task.created' || !introduced) return unknown;
  const isOurs = created.payload.runner !== 'external';
  const contact = facts.find(isContact);
  const start = isOurs ? created : (contact ?? introduced);
  const ms = msBetween(start.receivedAt, introduced.receivedAt);
  const limit = { unit: 'ms', limit: ANNOUNCED_WITHIN_MS, holds: ms <= ANNOUNCED_WITHIN_MS };
  return judge(ms, limit, [start.seq, introduced.seq]);
}

/** Steps of the clock: each shows how long nothing was said until then. */
const SILENCE: ReadonlySet<string> = new Set(['task.late', 'task.probed', 'task.assumed_failed', 'task.recovering']);

/** The longest pause between words while something was expected of the agent; one that lasts, as far as it was seen. */
function gaps(facts: readonly NumberedFact[]): Check {
  let record: TaskRecord | null = null;
  let last: NumberedFact | null = null;
  let quietSince: string | null = null;
  let longest: { ms: number; entries: number[] } | null = null;
  for (const fact of facts) {
    const ends = fact.type === 'task.report_accepted' || SILENCE.has(fact.type);
    if (ends && record !== null && last !== null && record.quietSince !== null && isWatched(record)) {
      const ms = msBetween(record.quietSince, fact.receivedAt);
      if (longest === null || ms > longest.ms) longest = { ms, entries: [last.seq, fact.seq] };
    }
    record = applyTask(record, fact);
    const since: string | null = record?.quietSince ?? null;
    // A pause begins at a word, or where the agent was told to go on.
    if (fact.type === 'task.report_accepted' || since !== quietSince) last = fact;
    quietSince = since;
  }
  if (longest === null || record === null) return unknown;
  const limit = record.clocks.updateEveryMs;
  return judge(longest.ms, { unit: 'ms', limit, holds: longest.ms <= limit }, longest.entries);
}

function milestones(facts: readonly NumberedFact[]): Check {
  const reports = reportsIn(facts);
  const [completion] = ofType(reports, 'COMPLETION');
  if (!completion) return unknown;
  const before = reports.filter(({ seq }) => seq < completion.seq);
  const told = [
    ...ofType(before, 'MILESTONE_COMPLETED').map(({ seq }) => seq),
    ...ofType(before, 'PROGRESS_UPDATE')
      .filter(({ message }) => (message.milestones_completed?.length ?? 0) > 0)
      .map(({ seq }) => seq),
  ];
  const limit = { unit: 'reports', limit: 1, holds: told.length >= 1 };
  return judge(told.length, limit, [...told.sort((one, other) => one - other).slice(0, PROOF_MAX - 1), completion.seq]);
}

function evidence(facts: readonly NumberedFact[]): Check {
  const completion = ofType(reportsIn(facts), 'COMPLETION').at(-1);
  if (!completion) return unknown;
  const count = completion.message.evidence?.length ?? 0;
  return judge(count, { unit: 'pieces', limit: 1, holds: count >= 1 }, [completion.seq]);
}

function handoff(facts: readonly NumberedFact[]): Check {
  const ended = facts.findLast(({ type }) => type === 'task.ended');
  if (ended?.type !== 'task.ended' || ended.payload.state === 'CANCELLED') return unknown;
  // One that ended before and was begun again asks anew; saying that one is not ready asks for nothing.
  const begunAt = facts.findLast(({ type, seq }) => type === 'task.ended' && seq < ended.seq)?.seq ?? 0;
  const asked = ofType(reportsIn(facts), 'HANDOFF_REQUEST').filter(
    ({ seq, message }) => begunAt < seq && seq < ended.seq && message.ready_for_handoff,
  );
  const limit = { unit: 'requests', limit: 1, holds: asked.length >= 1 };
  return judge(asked.length, limit, [...asked.map(({ seq }) => seq), ended.seq]);
}

function errors(facts: readonly NumberedFact[]): Check {
  const all = ofType(reportsIn(facts), 'ERROR_REPORT');
  if (all.length === 0) return unknown;
  const without = all.filter(({ message }) => !message.recovery_action);
  const limit = { unit: 'errors without recovery', limit: 0, holds: without.length === 0 };
  const proof = without.length > 0 ? without : all;
  return judge(
    without.length,
    limit,
    proof.map(({ seq }) => seq),
    without.map(({ message }) => message.error_type),
  );
}

type Claims = { seq: number; names: string[] }[];
type Observed = { seq: number; tool: string; files: string[] }[];

const observedIn = (facts: readonly NumberedFact[]): Observed =>
  facts.flatMap(({ seq, ...fact }) => (fact.type === 'task.tool_observed' ? [{ seq, ...fact.payload }] : []));

/** Claimed, not observed: what reports name and the runner did not see. Without a runner that sees nothing is known. */
function observed(claims: Claims, seen: Observed, isSeen: (name: string) => boolean, unit: string): Check {
  const claimed = claims.flatMap(({ names }) => names);
  if (seen.length === 0 || claimed.length === 0) return unknown;
  const unseen = [...new Set(claimed)].filter((name) => !isSeen(name));
  const proof = claims.filter(({ names }) => unseen.length === 0 || names.some((name) => unseen.includes(name)));
  const limit = { unit, limit: 0, holds: unseen.length === 0 };
  return judge(unseen.length, limit, [...proof.map(({ seq }) => seq), ...seen.map(({ seq }) => seq)], unseen);
}

function tools(facts: readonly NumberedFact[]): Check {
  const claims = reportsIn(facts).flatMap(({ seq, payload: { message } }): Claims => {
    if (message.type === 'PROGRESS_UPDATE') return [{ seq, names: message.tools_active ?? [] }];
    if (message.type === 'MILESTONE_COMPLETED' || message.type === 'COMPLETION') {
      return [{ seq, names: message.tools_used ?? [] }];
    }
    return [];
  });
  const seen = observedIn(facts);
  return observed(claims, seen, (name) => seen.some(({ tool }) => tool === name), 'tools claimed and not observed');
}

function files(facts: readonly NumberedFact[]): Check {
  const claims = reportsIn(facts).flatMap(({ seq, payload: { message } }): Claims => {
    if (message.type === 'MILESTONE_COMPLETED') return [{ seq, names: pathsIn(message.evidence ?? '') }];
    return message.type === 'COMPLETION' ? [{ seq, names: (message.evidence ?? []).flatMap(pathsIn) }] : [];
  });
  const seen = observedIn(facts);
  const isSeen = (path: string) =>
    seen.some((each) =>
      each.files.some((file) => file === path || file.endsWith(`/${path}`) || path.endsWith(`/${file}`)),
    );
  return observed(claims, seen, isSeen, 'files claimed and not observed');
}

const checks: readonly {
  rule: string;
  principle: ComplianceCheck['principle'];
  about: string;
  run: (facts: readonly NumberedFact[]) => Check;
}[] = [
  { rule: 'CP1', principle: 'P56', about: 'Announces itself within 5 s of its start', run: announcement },
  { rule: 'CP2', principle: 'P56', about: 'Leaves no longer pause than an update is due', run: gaps },
  { rule: 'CP3', principle: 'P56', about: 'Reports milestones before its completion', run: milestones },
  { rule: 'CP4', principle: 'P56', about: 'Completes with evidence', run: evidence },
  { rule: 'CP5', principle: 'P56', about: 'Asks for the handoff before the end', run: handoff },
  { rule: 'CP6', principle: 'P56', about: 'Names a recovery with every error', run: errors },
  { rule: 'CP7', principle: 'P55', about: 'Used the tools that it names', run: tools },
  { rule: 'CP8', principle: 'P55', about: 'Touched the files that its evidence names', run: files },
];

/**
 * P55 and P56 over the entries of one task, ascending. `score` is the share of the checks that held among those with a
 * verdict: the efficiency figure of the completion display.
 */
export function checkCompliance(facts: readonly NumberedFact[]): TaskCompliance {
  const done = checks.map(({ run, ...check }): ComplianceCheck => ({ ...check, ...run(facts) }));
  const judged = done.filter(({ verdict }) => verdict !== 'unknown');
  const held = judged.filter(({ verdict }) => verdict === 'held');
  return { score: judged.length === 0 ? null : held.length / judged.length, checks: done };
}
