import { pauseText, stopwatchText } from '@/components/ui/duration-text';
import { HostileText } from '@/components/ui/hostile-text';
import { Panel } from '@/components/ui/panel';
import { useNow } from '@/components/ui/relative-time';
import { clockTimeText } from '@/components/ui/relative-time-text';
import { StateShape } from '@/components/ui/state-shape';
import { Tag } from '@/components/ui/tag';
import { isTaskOver, type Task } from '@/lib/protocol/task';
import { ProgressBar } from './progress-bar';
import { runnerWords } from './runner-words';
import { Said } from './said';
import { elapsedMs } from './silence-words';

/** What was asked for, by whom, and who carries it out. */
export function Announcement({ task, onPlainText }: { task: Task; onPlainText: React.ReactNode }) {
  const { command, purpose, context, priority, estimatedDuration, agentId, runner, principal } = task;
  return (
    <Panel title="Announcement" beside={announcedText(task)} end={onPlainText}>
      <Facts>
        <Fact name="Command">
          <span className="font-mono text-mono">
            <HostileText text={command} />
          </span>
        </Fact>
        {purpose !== null && <TextFact name="Purpose" text={purpose} />}
        {context !== null && <TextFact name="Context" text={context} />}
        {priority !== null && <TextFact name="Priority" text={priority} />}
        {estimatedDuration !== null && <TextFact name="Expected" text={estimatedDuration} />}
        <Fact name="Agent">
          {agentId === null ? 'not announced yet' : <HostileText text={agentId} />}, {runnerWords[runner].short}
        </Fact>
        <Fact name="Principal">
          <HostileText text={principal.name} />, {principal.kind === 'person' ? 'a person' : 'an agent'}
        </Fact>
      </Facts>
    </Panel>
  );
}

const announcedText = ({ startedAt, createdAt }: Task) =>
  startedAt === null ? 'not begun' : `${pauseText(Date.parse(startedAt) - Date.parse(createdAt))} after it was made`;

/** How far it is: the plan as a tree, what it does now, and for how long. */
export function Progress({ task }: { task: Task }) {
  const now = useNow();
  const { progress, milestones, state, toolsActive, currentAction, missing, estimatedDuration } = task;
  const tookMs = now === null ? null : elapsedMs(task, now);
  return (
    <Panel
      title="Progress"
      end={<ProgressBar progress={progress} milestones={milestones} state={state} className="w-44" />}
    >
      {milestones.length === 0 ? (
        <p className="px-3 py-2.5 text-text-2">No plan was given, so the bar says nothing by itself.</p>
      ) : (
        <ol className="grid gap-1.5 px-3 py-2.5">
          {milestones.map((milestone) => (
            <MilestoneLine
              key={milestone.name}
              milestone={milestone}
              isCheckpoint={task.checkpoint?.milestone === milestone.name}
            />
          ))}
        </ol>
      )}
      <div className="border-line border-t">
        <Facts>
          <Fact name="Active tools">
            {toolsActive.length === 0 ? (
              <span className="text-text-3">none</span>
            ) : (
              <span className="flex flex-wrap gap-1">
                {toolsActive.map((tool) => (
                  <Tag key={tool}>
                    <HostileText text={tool} wrap={false} />
                  </Tag>
                ))}
              </span>
            )}
          </Fact>
          <Fact name={isTaskOver(state) ? 'Last action' : 'Current action'}>
            {currentAction === null ? <span className="text-text-3">nothing said</span> : <Said text={currentAction} />}
          </Fact>
          <Fact name={isTaskOver(state) ? 'Took' : 'Elapsed'}>
            {tookMs === null ? '–' : stopwatchText(tookMs)}
            {estimatedDuration !== null && !isTaskOver(state) && (
              <span className="text-text-3">
                {' '}
                of <HostileText text={estimatedDuration} wrap={false} /> (its own estimate)
              </span>
            )}
          </Fact>
          {missing.length > 0 && <Fact name="Asked for">{missing.join(', ')}: left out of its last report</Fact>}
          {task.lastAliveAt !== null && !isTaskOver(state) && (
            <Fact name="Sign of life">{clockTimeText(Date.parse(task.lastAliveAt))}</Fact>
          )}
        </Facts>
      </div>
    </Panel>
  );
}

const knots = { done: 'check', running: 'triangle', waiting: 'dashed-ring' } as const;
const knotWords = { done: 'done', running: 'under way', waiting: 'to come' } as const;

const MilestoneLine = ({
  milestone,
  isCheckpoint,
}: {
  milestone: Task['milestones'][number];
  isCheckpoint: boolean;
}) => (
  <li className="flex min-w-0 items-start gap-2">
    <StateShape shape={knots[milestone.state]} className="mt-1 size-3 flex-none" />
    <div className="min-w-0 flex-1">
      <p className={milestone.state === 'running' ? 'font-name' : milestone.state === 'waiting' ? 'text-text-2' : ''}>
        <HostileText text={milestone.name} />
        <span className="sr-only">, {knotWords[milestone.state]}</span>
      </p>
      {isCheckpoint && <p className="text-meta text-text-3">checkpoint: a retry goes on from here</p>}
    </div>
  </li>
);

/** What it left behind: its words about the outcome, and what proves them. */
export function Outcome({ task }: { task: Task }) {
  const { outcome, summary, evidence, lastError } = task;
  if (outcome === null && evidence.length === 0 && lastError === null) return null;
  return (
    <Panel title="Evidence" beside={outcome === null ? 'so far' : outcome}>
      {summary !== null && (
        <p className="px-3 pt-2.5 text-talk">
          <Said text={summary} />
        </p>
      )}
      <ul className="grid gap-1 px-3 py-2.5">
        {evidence.length === 0 && <li className="text-text-3">It named nothing that proves it.</li>}
        {evidence.map((each) => (
          <li key={each} className="flex min-w-0 items-start gap-2">
            <StateShape shape="check" className="mt-1 size-3 flex-none" />
            <Said text={each} />
          </li>
        ))}
      </ul>
      {lastError && (
        <div role="note" className="border-line border-t px-3 py-2.5">
          <p className="flex items-center gap-2 font-name text-fail-text">
            <StateShape shape="octagon" />
            <HostileText text={lastError.type} wrap={false} />
            {lastError.blocking && <Tag tone="fail">blocking</Tag>}
          </p>
          {lastError.details !== null && <Said text={lastError.details} />}
          {lastError.recoveryAction !== null && (
            <p className="text-text-2">
              What it does about it: <Said text={lastError.recoveryAction} />
            </p>
          )}
        </div>
      )}
    </Panel>
  );
}

const Facts = ({ children }: { children: React.ReactNode }) => (
  <dl className="grid grid-cols-[92px_minmax(0,1fr)] gap-x-3 gap-y-1.5 px-3 py-2.5">{children}</dl>
);

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <>
    <dt className="text-text-3">{name}</dt>
    <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
  </>
);

const TextFact = ({ name, text }: { name: string; text: string }) => (
  <Fact name={name}>
    <Said text={text} />
  </Fact>
);
