-- Tasks, what was reported about them, and what waits for their agents.

-- `record` is the fold of the task's stream as JSON text (lib/domain/task); the other columns are what is searched by.
-- `alive_at` is the last sign of life that was no report: it is no entry, or a heartbeat would fill the ledger.
CREATE TABLE task (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  stream_seq bigint NOT NULL,
  parent_id uuid,
  state text NOT NULL,
  principal_id text NOT NULL,
  runner text NOT NULL,
  agent_id text,
  command text NOT NULL,
  record text NOT NULL,
  alive_at timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT task_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX task_workspace_id_created_at_id_idx ON task (workspace_id, created_at DESC, id);
CREATE INDEX task_workspace_id_state_idx ON task (workspace_id, state);
CREATE INDEX task_workspace_id_parent_id_idx ON task (workspace_id, parent_id);
CREATE INDEX task_workspace_id_agent_id_idx ON task (workspace_id, agent_id);

-- The reports that were accepted, by the hash of what was sent: a repetition is answered as before.
CREATE TABLE task_report (
  workspace_id uuid NOT NULL,
  task_id uuid NOT NULL,
  hash text NOT NULL,
  stream_seq bigint NOT NULL,
  CONSTRAINT task_report_pkey PRIMARY KEY (workspace_id, task_id, hash)
);

-- The queue to the agents, with receipts. `words` and `message` are JSON text.
CREATE TABLE task_message (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  task_id uuid NOT NULL,
  position bigint NOT NULL,
  words text NOT NULL,
  message text NOT NULL,
  status text NOT NULL,
  delivery text,
  redelivered boolean NOT NULL,
  created_at timestamptz(3) NOT NULL,
  delivered_at timestamptz(3),
  acknowledged_at timestamptz(3),
  expires_at timestamptz(3),
  CONSTRAINT task_message_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX task_message_workspace_id_task_id_position_idx ON task_message (workspace_id, task_id, position);
CREATE INDEX task_message_workspace_id_task_id_status_idx ON task_message (workspace_id, task_id, status);
