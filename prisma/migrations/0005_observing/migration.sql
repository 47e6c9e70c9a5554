-- What Letta does by itself: messages between agents until both ends are known, and blocks as they were last read.

CREATE TABLE engine_message (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  from_seat text NOT NULL,
  to_agent_id text,
  words text NOT NULL,
  tool_call_id text,
  is_sent boolean NOT NULL,
  is_received boolean NOT NULL,
  is_answered boolean NOT NULL,
  told_at bigint NOT NULL,
  CONSTRAINT engine_message_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX engine_message_workspace_id_conversation_id_idx ON engine_message (workspace_id, conversation_id);

CREATE TABLE memory_block (
  workspace_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  seat text NOT NULL,
  label text NOT NULL,
  value text NOT NULL,
  CONSTRAINT memory_block_pkey PRIMARY KEY (workspace_id, conversation_id, seat, label)
);

CREATE INDEX conveyance_workspace_id_tool_call_id_idx ON conveyance (workspace_id, tool_call_id);

ALTER TABLE conversation ADD COLUMN stopped_why text;

ALTER TABLE turn ADD COLUMN usage jsonb;
