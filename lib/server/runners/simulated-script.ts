import { z } from 'zod';
import { JsonObject } from '@/lib/protocol/json';
import type { Task } from '@/lib/protocol/task';

const pause = z.number().int().min(0).max(3_600_000);

/**
 * One thing that a simulated agent does: it sends a report (time and name are put in), works without a word, or says
 * nothing at all and hears nothing, as one that hangs.
 */
export const SimulatedStep = z.union([
  z.strictObject({ report: JsonObject }),
  z.strictObject({ workMs: pause }),
  z.strictObject({ hangMs: pause }),
]);
export type SimulatedStep = z.infer<typeof SimulatedStep>;

/** What stands as JSON in the context of a task that is simulated. `paceMs`: the pause after each report. */
const Given = z.object({ script: z.array(SimulatedStep).max(500).optional(), paceMs: pause.optional() });

/** `introducedMs`: the pause after it has introduced itself, before the work begins. */
export type SimulatedScript = { steps: SimulatedStep[]; paceMs: number; introducedMs: number };

const PACE_MS = 1_500;
const DOING = ['Reading what is there', 'Putting it together', 'Going over it once more'];
const PLAN = ['Understanding the task', 'Doing the work', 'Checking the result'];

/** The script that a task's context gives, or one that goes through its milestones; `pace` where it names none. */
export function scriptOf({ context, command, milestones, id }: Task, pace = PACE_MS): SimulatedScript {
  const given = Given.safeParse(parseJson(context));
  const { script, paceMs = pace } = given.success ? given.data : {};
  const introducedMs = given.data?.paceMs ?? Math.min(pace, PACE_MS);
  const plan = milestones.length > 0 ? milestones.map(({ name }) => name) : PLAN;
  return {
    steps: script ?? usualSteps(command, plan, { taskId: id, takes: durationWords(plan.length, paceMs) }),
    paceMs,
    introducedMs,
  };
}

/** What the usual steps take: two reports for each milestone, one before them. */
function durationWords(milestones: number, paceMs: number): string {
  const minutes = Math.round(((2 * milestones + 1) * paceMs) / 60_000);
  return minutes === 0 ? 'less than a minute' : `about ${minutes} min`;
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null; // words for people, and no script
  }
}

type Telling = { taskId: string; takes: string };

function usualSteps(command: string, plan: readonly string[], { taskId, takes }: Telling): SimulatedStep[] {
  const work = plan.flatMap((milestone, index): SimulatedStep[] => {
    const reached = (part: number) => Math.round((100 * (index + part)) / (plan.length + 0.5));
    const next = plan[index + 1];
    return [
      {
        report: {
          type: 'PROGRESS_UPDATE',
          status: 'IN_PROGRESS',
          progress_percentage: reached(0.4),
          current_action: DOING[index % DOING.length] ?? milestone,
          tools_active: index % 2 === 0 ? ['Read', 'Grep'] : ['Write', 'Edit'],
          milestones_completed: plan.slice(0, index),
          next_milestone: milestone,
        },
      },
      {
        report: {
          type: 'MILESTONE_COMPLETED',
          milestone,
          progress_percentage: reached(1),
          tools_used: index % 2 === 0 ? ['Read', 'Grep'] : ['Write', 'Edit'],
          evidence: `${milestone}: done`,
          next_action: next ?? 'Completion handoff',
        },
      },
    ];
  });
  return [
    {
      report: {
        type: 'INITIALIZATION',
        command,
        status: 'INITIALIZING',
        estimated_duration: takes,
        tools_required: ['Read', 'Grep', 'Write', 'Edit'],
        context: 'A simulated agent that reports as a real one would',
      },
    },
    ...work,
    {
      report: {
        type: 'COMPLETION',
        status: 'SUCCESS',
        command,
        duration: takes,
        tools_used: ['Read', 'Grep', 'Write', 'Edit'],
        results_summary: `${command} was gone through in ${plan.length} steps, without touching anything.`,
        evidence: [`Reports of task ${taskId}`],
        handoff_data: { milestones: plan.length },
      },
    },
    {
      report: {
        type: 'HANDOFF_REQUEST',
        ready_for_handoff: true,
        control_transfer: 'READY',
        final_status: 'All objectives completed successfully',
        user_notification: 'Command execution completed. Control returned to principal agent.',
      },
    },
  ];
}

/** Where a script goes on after the milestones that are done: behind the last report of one of them. */
export const resumeAt = (steps: readonly SimulatedStep[], done: readonly string[]): number =>
  steps.findLastIndex((step) => 'report' in step && done.includes(String(step.report['milestone']))) + 1;
