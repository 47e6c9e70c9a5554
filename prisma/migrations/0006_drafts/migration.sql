-- What waits for people: drafts, standing rules, and who looks at what.

ALTER TABLE conveyance ADD COLUMN draft_id uuid;
ALTER TABLE conveyance ADD COLUMN edited jsonb;

CREATE TABLE draft (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  conversation_id uuid,
  conveyance_id uuid,
  server text NOT NULL,
  agent_id text NOT NULL,
  thread_key text NOT NULL,
  author jsonb NOT NULL,
  target jsonb NOT NULL,
  content text NOT NULL,
  content_hash text NOT NULL,
  message_id text,
  from_turn_id uuid,
  run_id text,
  tool_call jsonb,
  why text NOT NULL,
  held_by text NOT NULL,
  rule_id uuid,
  allowed text[],
  reviewers integer NOT NULL,
  expiry_seconds integer,
  undo_seconds integer NOT NULL,
  status text NOT NULL,
  verdicts jsonb NOT NULL,
  withdrawn_reason text,
  dispatch text,
  undo_until timestamptz(3),
  failure text,
  can_retry boolean NOT NULL,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3),
  CONSTRAINT draft_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX draft_workspace_id_status_expires_at_created_at_id_idx ON draft (workspace_id, status, expires_at, created_at, id);
CREATE INDEX draft_workspace_id_conversation_id_status_idx ON draft (workspace_id, conversation_id, status);
CREATE INDEX draft_workspace_id_server_agent_id_status_idx ON draft (workspace_id, server, agent_id, status);

CREATE TABLE standing_rule (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  effect text NOT NULL,
  from_agent_id text,
  to_agent_id text,
  tool text,
  matching text,
  note text,
  created_by jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  uses integer NOT NULL,
  last_used_at timestamptz(3),
  CONSTRAINT standing_rule_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX standing_rule_workspace_id_created_at_id_idx ON standing_rule (workspace_id, created_at DESC, id);
