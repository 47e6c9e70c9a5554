import type { taskEntries } from '@/lib/protocol/entries/task-entries';
import type { PayloadOf } from '@/lib/protocol/entry';
import { TaskId } from '@/lib/protocol/ids';
import { defaultClocks } from '@/lib/protocol/task';
import type { TaskReport } from '@/lib/protocol/task-message';

const taskId = TaskId.parse('1f0c2c1e-0000-4000-8000-0000000000f1');
const messageId = '1f0c2c1e-0000-4000-8000-0000000000f2';
const at = '2026-11-20T12:00:00.000Z';
const holder = { kind: 'person' as const, id: 'ana', name: 'Ana' };
const checkpoint = { milestone: 'Registry analysis', seq: 4, handoff_data: { files_modified: 1 } };
const message: TaskReport = {
  type: 'MILESTONE_COMPLETED',
  timestamp: '2025-07-15T19:32:15Z',
  agent_id: 'task-agent-001',
  milestone: 'Documentation generation',
  progress_percentage: 75,
  tools_used: ['Write', 'Edit'],
  evidence: 'Updated CLAUDE.md with 15 new command entries',
  next_action: 'Validation and final sync',
};

/** One sample of every entry type of a task's stream. */
export const everyTaskEntry: { [T in keyof typeof taskEntries]: PayloadOf<T> } = {
  'task.created': {
    taskId,
    parentTaskId: null,
    command: '/sync-claude-md',
    purpose: 'Synchronize CLAUDE.md with command registry',
    context: null,
    priority: 'HIGH',
    principal: holder,
    runner: 'external',
    milestones: ['Registry analysis'],
    handoffPolicy: 'accept_with_evidence',
    tell: ['announcement', 'handoff'],
    principalServer: null,
    clocks: defaultClocks,
  },
  'task.report_accepted': { message, source: 'sdk', missing: [], hash: 'ab'.repeat(32) },
  'task.report_refused': {
    raw: '{"type":"PROGRESS_UPDATE"}',
    code: 'request.invalid',
    reason: 'progress_percentage: a percentage is 0–100',
    fields: { progress_percentage: 'a percentage is 0–100' },
    source: 'sdk',
  },
  'task.report_quarantined': { message, source: 'sdk', holder },
  'task.answered': {
    answer: {
      type: 'STATUS_ACKNOWLEDGED',
      timestamp: at,
      agent_id: 'task-agent-001',
      acknowledged_message: 'MILESTONE_COMPLETED',
      continue_execution: true,
      user_notified: true,
    },
    instructions: [],
    by: 'policy',
  },
  'task.instruction_queued': {
    messageId,
    from: 'Ana',
    kind: 'guidance',
    content: 'Prioritize European markets.',
    metadata: null,
    message: {
      type: 'x-INSTRUCTION',
      timestamp: at,
      agent_id: 'task-agent-001',
      message_id: messageId,
      from: 'Ana',
      content: 'Prioritize European markets.',
      kind: 'guidance',
    },
    expiresAt: null,
  },
  'task.instruction_delivered': { messageIds: [messageId], via: 'answer', again: false },
  'task.instruction_returned': { messageIds: [messageId] },
  'task.instruction_acknowledged': { messageIds: [messageId] },
  'task.instruction_expired': { messageIds: [messageId] },
  'task.late': { silentMs: 30_000 },
  'task.probed': { silentMs: 60_000, messageId, respondWithinMs: 30_000 },
  'task.assumed_failed': { silentMs: 90_000, checkpoint },
  'task.recovering': { attempt: 1, of: 3, messageId, checkpoint },
  'task.recovered': { attempt: 1, afterMs: 2_400, by: 'report' },
  'task.controlled': { action: 'PAUSE', reason: 'Wait for the release.', messageId, checkpoint: null },
  'task.taken_over': {
    holder,
    why: 'person',
    reason: null,
    checkpoint,
    summary: 'Registry analysis is done.',
    evidence: ['Updated CLAUDE.md with 15 new command entries'],
  },
  'task.handed_back': { reason: null, messageId },
  'task.ended': { state: 'SUCCESS', why: 'handoff_accepted', summary: 'All objectives completed successfully' },
  'task.principal_told': { otid: 'otid-1', text: 'The milestone “Registry analysis” is done.', upTo: 4 },
  'task.principal_answered': { otid: 'otid-1', text: 'Prioritize European markets.', error: null },
  'task.tool_observed': { tool: 'Edit', files: ['CLAUDE.md'], detail: null },
};
