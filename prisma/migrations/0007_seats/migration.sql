-- A person in an agent's seat: who holds it and until when, what arrived at them, and what the agent still produced.

ALTER TABLE seat
  ADD COLUMN holder_id text,
  ADD COLUMN holder_name text,
  ADD COLUMN held_until timestamptz(3);

ALTER TABLE conveyance ADD COLUMN with_person boolean NOT NULL DEFAULT false;
ALTER TABLE conveyance ALTER COLUMN with_person DROP DEFAULT;

CREATE TABLE quarantine (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  seq bigint NOT NULL,
  conversation_id uuid NOT NULL,
  seat text NOT NULL,
  message_id text NOT NULL,
  tool_call_id text,
  content text NOT NULL,
  mode text NOT NULL,
  to_agent_id text,
  state text NOT NULL,
  CONSTRAINT quarantine_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX quarantine_workspace_id_conversation_id_idx ON quarantine (workspace_id, conversation_id);
