import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { isAppError } from '@/lib/protocol/errors';
import { TaskId, type WorkspaceId } from '@/lib/protocol/ids';
import { automation } from '@/lib/protocol/person';
import { isTaskOver } from '@/lib/protocol/task';
import type { Caller } from '../../access/caller';
import { BootError } from '../../boot/boot-error';
import { systemClock } from '../../clock';
import { openDatabaseForCommand } from '../../database/database';
import { migrate } from '../../database/migrate';
import type { Queryable } from '../../ledger/command';
import { openWorkspace } from '../../ledger/open-workspace';
import { loadTask } from '../../tasks/load-task';
import { showTask } from '../../tasks/show-task';
import { UsageError, type Verb } from '../verb';

const options = { follow: { type: 'boolean' }, plain: { type: 'boolean' } } as const;
const LOOK_MS = 500;
const CLEAR = '\u001b[2J\u001b[H';

/**
 * Prints the displays of seed 001 for a task, beside a running Parley or without one. With `--follow` it prints anew
 * whenever something has happened, until the task is over. Colours only in a terminal, and never with `--plain`.
 */
export const verb: Verb = {
  usage: 'npm run parley -- task show [--follow] [--plain] <task id>',
  async run(args, context) {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const taskId = parseTaskId(positionals);
    const isTerminal = process.stdout.isTTY === true && values.plain !== true;
    const database = await openDatabaseForCommand(context);
    try {
      await migrate(database.pool);
      const { workspaceId } = await openWorkspace(database.pool, 'parley.example');
      const show = async () => {
        const text = await displayed(database.pool, workspaceId, taskId, isTerminal);
        context.print((values.follow && isTerminal ? CLEAR : '') + text.trimEnd());
      };
      if (values.follow) await follow(database.pool, workspaceId, taskId, show);
      else await show();
    } finally {
      await database.stop();
    }
    return 0;
  },
};

function parseTaskId(positionals: readonly string[]): TaskId {
  const parsed = TaskId.safeParse(positionals[0]);
  if (parsed.success && positionals.length === 1) return parsed.data;
  throw new UsageError('task show takes the id of one task');
}

async function displayed(
  db: Queryable,
  workspaceId: WorkspaceId,
  taskId: TaskId,
  isTerminal: boolean,
): Promise<string> {
  const caller: Caller = {
    workspaceId,
    actor: { kind: 'person', ...automation },
    role: 'viewer',
    credential: { kind: 'admin-key', id: 'command-line' },
    agentScope: null,
  };
  try {
    return await showTask({ db, clock: systemClock }, caller, taskId, isTerminal ? 'ansi' : 'text');
  } catch (error) {
    if (isAppError(error) && error.code === 'task.not_found') throw new BootError(error.message);
    throw error;
  }
}

/** Shows the task, and again whenever its stream has moved since it was looked at, until it is over. */
async function follow(
  db: Queryable,
  workspaceId: WorkspaceId,
  taskId: TaskId,
  show: () => Promise<void>,
): Promise<void> {
  let seen: number | null = null;
  for (;;) {
    const record = (await loadTask(db, workspaceId, taskId))?.record;
    if (record?.streamSeq !== seen) await show(); // after the look: what happens in between is shown twice, not missed
    if (!record || isTaskOver(record.state)) return;
    seen = record.streamSeq;
    await delay(LOOK_MS);
  }
}
