import type { JsonObject } from '@/lib/protocol/json';
import { unzonedDate, zonedDate } from './letta-time';
import type { RunRecord } from './run-store';

/** A run as the API shows it. `created_at` has a zone, `completed_at` has none. */
export const wireRun = (run: RunRecord): JsonObject => ({
  id: run.id,
  status: run.status,
  created_at: zonedDate(run.createdAt),
  completed_at: run.completedAt ? unzonedDate(run.completedAt) : null,
  agent_id: run.agentId,
  conversation_id: run.conversationId,
  base_template_id: null,
  background: run.background,
  metadata: run.error === null ? { run_type: run.runType } : { run_type: run.runType, error: run.error },
  request_config: {
    use_assistant_message: true,
    assistant_message_tool_name: 'send_message',
    assistant_message_tool_kwarg: 'message',
    include_return_message_types: null,
  },
  stop_reason: run.stopReason,
  callback_url: null,
  callback_sent_at: null,
  callback_status_code: null,
  callback_error: null,
  ttft_ns: null,
  total_duration_ns: run.completedAt ? (run.completedAt.getTime() - run.createdAt.getTime()) * 1_000_000 : null,
});
