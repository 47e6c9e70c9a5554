import type { OperationTable } from './operation';

const agents = { agents: true } as const;

/** Tasks: what agents report about their work, and what they are told. */
export const taskOperations: OperationTable = {
  'GET /api/tasks': {
    access: 'viewer',
    summary: 'Tasks, newest first; `state` takes several, with commas, `q` looks into the command',
    query: 'TaskQuery',
    answers: { 200: 'TaskPage' },
  },
  'POST /api/tasks': {
    access: 'operator',
    ...agents,
    summary: 'Makes a task, which waits for its agent; a runner of ours begins at once',
    detail:
      'An agent’s key makes sub-tasks of the tasks it works on, and has to do with what it made; the principal is that of the parent.',
    body: 'NewTask',
    answers: { 201: 'Task' },
    refusals: ['runner.unavailable', 'task.state', 'task.taken_over'],
  },
  'GET /api/tasks/[taskId]': {
    access: 'viewer',
    ...agents,
    summary: 'One task as it stands',
    answers: { 200: 'Task' },
    refusals: ['task.not_found'],
  },
  'POST /api/tasks/[taskId]/reports': {
    access: 'operator',
    ...agents,
    summary: 'A message of the task’s agent, as in seed 001; a repetition is answered as before, with 200',
    body: 'TaskReport',
    keepsMembers: true,
    answers: { 201: 'ReportAnswer', 200: 'ReportAnswer' },
    refusals: ['task.not_found', 'task.state', 'task.taken_over'],
  },
  'POST /api/tasks/[taskId]/instructions': {
    access: 'reviewer',
    ...agents,
    summary: 'Words for the task’s agent: with its next answer, by socket at once, or by long poll',
    body: 'InstructTask',
    answers: { 201: 'TaskMessage' },
    refusals: ['task.not_found', 'task.state'],
  },
  'POST /api/tasks/[taskId]/control': {
    access: 'reviewer',
    ...agents,
    summary:
      'Pauses, continues, aborts, retries, takes over, hands back, or accepts a handoff that waits for a decision',
    body: 'ControlTask',
    answers: { 200: 'Task' },
    refusals: ['task.not_found', 'task.state', 'task.taken'],
  },
  'POST /api/tasks/[taskId]/heartbeat': {
    access: 'operator',
    ...agents,
    summary: 'Says that the agent lives, without a report; `acknowledge` are instructions that it has read',
    body: 'TaskHeartbeat',
    answers: { 200: 'Nothing' },
    refusals: ['task.not_found'],
  },
  'GET /api/tasks/[taskId]/events': {
    access: 'viewer',
    ...agents,
    summary: 'All entries of a task, ascending, either way from a cursor, or from a time on',
    query: 'EventsQuery',
    answers: { 200: 'EntryPage' },
    refusals: ['task.not_found'],
  },
  'GET /api/tasks/[taskId]/display': {
    access: 'viewer',
    ...agents,
    summary: 'The displays of seed 001 as text: what was reached of announcement, progress tree and completion',
    query: 'DisplayQuery',
    answers: { 200: 'text/plain' },
    refusals: ['task.not_found'],
  },
  'GET /api/tasks/[taskId]/stream': {
    access: 'viewer',
    ...agents,
    summary: 'The entries of a task as server-sent events, from `Last-Event-ID` on',
    answers: { 200: 'text/event-stream' },
    refusals: ['task.not_found'],
  },
  'GET /api/tasks/[taskId]/compliance': {
    access: 'viewer',
    ...agents,
    summary: 'How the task keeps P55 and P56: each rule with its value, its limit and the entries that prove it',
    answers: { 200: 'TaskCompliance' },
    refusals: ['task.not_found'],
  },
  'GET /messages/task/[taskId]': {
    access: 'viewer',
    ...agents,
    summary: 'The queue to the task’s agent with receipts, oldest first; with `wait` it is handed over to the asker',
    query: 'TaskMessagesQuery',
    answers: { 200: 'TaskMessagePage' },
    refusals: ['task.not_found'],
  },
  'POST /messages/task/[taskId]': {
    access: 'reviewer',
    ...agents,
    summary: 'Queues a message for the task’s agent',
    body: 'QueueTaskMessage',
    answers: { 201: 'TaskMessage' },
    refusals: ['task.not_found', 'task.state'],
  },
  'GET /api/metrics': {
    access: 'viewer',
    summary: 'What is measured of tasks, each against the target of the protocol, with the entries that prove it',
    query: 'MetricQuery',
    answers: { 200: 'MetricSeriesList' },
  },
  'GET /api/metrics/[metric]': {
    access: 'viewer',
    summary: 'One of these series: `acknowledgement`, `update-gap`, `handoff` or `recovery`',
    query: 'MetricQuery',
    answers: { 200: 'MetricSeries' },
  },
  'GET /api/metrics/talk': {
    access: 'viewer',
    summary: 'Who talks to whom and how long the answers take, of the newest messages, with the entries that prove it',
    query: 'TalkQuery',
    answers: { 200: 'TalkFigures' },
  },
  'GET /metrics': {
    access: 'viewer',
    summary: 'The same figures for Prometheus, with how much there is of what',
    answers: { 200: 'text/plain' },
  },
};
