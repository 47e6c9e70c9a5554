-- The spine: ledger, deadlines, instances, Letta servers, conversations.

CREATE TABLE workspace (
  workspace_id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT workspace_pkey PRIMARY KEY (workspace_id)
);

CREATE TABLE ledger_head (
  workspace_id uuid NOT NULL,
  origin text NOT NULL,
  epoch uuid NOT NULL,
  size bigint NOT NULL,
  frontier bytea NOT NULL,
  received_at timestamptz(3) NOT NULL,
  CONSTRAINT ledger_head_pkey PRIMARY KEY (workspace_id)
);

CREATE TABLE signing_key (
  workspace_id uuid NOT NULL,
  vkey text NOT NULL,
  private_key bytea NOT NULL,
  created_at timestamptz(3) NOT NULL,
  retired_at timestamptz(3),
  CONSTRAINT signing_key_pkey PRIMARY KEY (workspace_id, vkey)
);

CREATE TABLE entry (
  workspace_id uuid NOT NULL,
  seq bigint NOT NULL,
  stream text NOT NULL,
  stream_seq bigint NOT NULL,
  id uuid NOT NULL,
  type text NOT NULL,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  received_at timestamptz(3) NOT NULL,
  leaf text NOT NULL,
  leaf_hash bytea NOT NULL,
  CONSTRAINT entry_pkey PRIMARY KEY (workspace_id, seq)
);
CREATE UNIQUE INDEX entry_workspace_id_stream_stream_seq_key ON entry (workspace_id, stream, stream_seq);
CREATE UNIQUE INDEX entry_workspace_id_id_key ON entry (workspace_id, id);
CREATE INDEX entry_workspace_id_type_seq_idx ON entry (workspace_id, type, seq);

CREATE TABLE entry_payload (
  workspace_id uuid NOT NULL,
  seq bigint NOT NULL,
  payload text,
  salt bytea,
  CONSTRAINT entry_payload_pkey PRIMARY KEY (workspace_id, seq)
);

CREATE TABLE stream_head (
  workspace_id uuid NOT NULL,
  stream text NOT NULL,
  stream_seq bigint NOT NULL,
  CONSTRAINT stream_head_pkey PRIMARY KEY (workspace_id, stream)
);

CREATE TABLE tree_node (
  workspace_id uuid NOT NULL,
  level smallint NOT NULL,
  index bigint NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT tree_node_pkey PRIMARY KEY (workspace_id, level, index)
);

CREATE TABLE checkpoint (
  workspace_id uuid NOT NULL,
  size bigint NOT NULL,
  note text NOT NULL,
  signed_at timestamptz(3) NOT NULL,
  CONSTRAINT checkpoint_pkey PRIMARY KEY (workspace_id, size)
);

CREATE TABLE actor_name (
  workspace_id uuid NOT NULL,
  kind text NOT NULL,
  id text NOT NULL,
  name text NOT NULL,
  CONSTRAINT actor_name_pkey PRIMARY KEY (workspace_id, kind, id)
);

CREATE TABLE idempotency (
  workspace_id uuid NOT NULL,
  actor_id text NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  intent_id uuid NOT NULL,
  instance_id uuid NOT NULL,
  status smallint,
  answer text,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT idempotency_pkey PRIMARY KEY (workspace_id, actor_id, key)
);
CREATE INDEX idempotency_created_at_idx ON idempotency (created_at);

CREATE TABLE deadline (
  workspace_id uuid NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  epoch bigint NOT NULL,
  due_at timestamptz(3) NOT NULL,
  grace_ms integer NOT NULL,
  data jsonb NOT NULL,
  CONSTRAINT deadline_pkey PRIMARY KEY (workspace_id, kind, subject)
);
CREATE INDEX deadline_due_at_idx ON deadline (due_at);

CREATE TABLE instance (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  worker_id text,
  started_at timestamptz(3) NOT NULL,
  seen_at timestamptz(3) NOT NULL,
  CONSTRAINT instance_pkey PRIMARY KEY (workspace_id, id)
);

CREATE TABLE setting (
  workspace_id uuid NOT NULL,
  name text NOT NULL,
  value jsonb NOT NULL,
  CONSTRAINT setting_pkey PRIMARY KEY (workspace_id, name)
);

CREATE TABLE secret (
  workspace_id uuid NOT NULL,
  name text NOT NULL,
  value bytea NOT NULL,
  CONSTRAINT secret_pkey PRIMARY KEY (workspace_id, name)
);

CREATE TABLE letta_server (
  workspace_id uuid NOT NULL,
  name text NOT NULL,
  dialect text NOT NULL,
  url text NOT NULL,
  origin text NOT NULL,
  sealed_token bytea,
  recorded text,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT letta_server_pkey PRIMARY KEY (workspace_id, name)
);

CREATE TABLE gate (
  workspace_id uuid NOT NULL,
  server text NOT NULL,
  agent_id text NOT NULL,
  tool text NOT NULL,
  CONSTRAINT gate_pkey PRIMARY KEY (workspace_id, server, agent_id, tool)
);

CREATE TABLE conversation (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  stream_seq bigint NOT NULL,
  title text NOT NULL,
  server text NOT NULL,
  conveyance text NOT NULL,
  observed boolean NOT NULL,
  sandbox boolean NOT NULL,
  max_turns integer NOT NULL,
  turns integer NOT NULL,
  phase text NOT NULL,
  stopped_reason text,
  archived boolean NOT NULL,
  edges jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL,
  last_activity_at timestamptz(3) NOT NULL,
  CONSTRAINT conversation_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX conversation_workspace_id_last_activity_at_id_idx ON conversation (workspace_id, last_activity_at DESC, id);

CREATE TABLE seat (
  workspace_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  seat text NOT NULL,
  server text NOT NULL,
  agent_id text NOT NULL,
  name text NOT NULL,
  dialect text NOT NULL,
  thread_key text NOT NULL,
  cursor text,
  pending_id text,
  pending_calls jsonb,
  taken boolean NOT NULL,
  gated boolean NOT NULL,
  CONSTRAINT seat_pkey PRIMARY KEY (workspace_id, conversation_id, seat)
);
CREATE INDEX seat_workspace_id_server_agent_id_idx ON seat (workspace_id, server, agent_id);

CREATE TABLE turn (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  root_id uuid NOT NULL,
  seat text,
  server text NOT NULL,
  agent_id text NOT NULL,
  thread_key text NOT NULL,
  position bigint NOT NULL,
  state text NOT NULL,
  input jsonb NOT NULL,
  run_id text,
  accepted_at timestamptz(3),
  started_at timestamptz(3),
  stop_reason text,
  CONSTRAINT turn_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX turn_workspace_id_server_agent_id_thread_key_position_idx ON turn (workspace_id, server, agent_id, thread_key, position);
CREATE INDEX turn_workspace_id_conversation_id_state_idx ON turn (workspace_id, conversation_id, state);

CREATE TABLE conveyance (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  from_seat text NOT NULL,
  from_turn_id uuid NOT NULL,
  to_seat text,
  to_agent_id text,
  to_name text NOT NULL,
  message_id text,
  tool_call_id text,
  mode text NOT NULL,
  content text NOT NULL,
  state text NOT NULL,
  turn_id uuid,
  answer_status text,
  answer_text text,
  sent_at timestamptz(3) NOT NULL,
  CONSTRAINT conveyance_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX conveyance_workspace_id_conversation_id_state_idx ON conveyance (workspace_id, conversation_id, state);
CREATE INDEX conveyance_workspace_id_turn_id_idx ON conveyance (workspace_id, turn_id);

CREATE TABLE seen_message (
  workspace_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  seat text NOT NULL,
  message_id text NOT NULL,
  message_type text NOT NULL,
  CONSTRAINT seen_message_pkey PRIMARY KEY (workspace_id, conversation_id, seat, message_id, message_type)
);

-- Tells armings apart, for all time: an order is not needed, only that none is used twice.
CREATE SEQUENCE deadline_epoch;

-- An agent sits in one running conversation per thread. Prisma cannot express a partial index.
CREATE UNIQUE INDEX seat_taken_key ON seat (workspace_id, server, agent_id, thread_key) WHERE taken;

-- At most one turn of a thread is outstanding.
CREATE UNIQUE INDEX turn_started_key ON turn (workspace_id, server, agent_id, thread_key) WHERE state = 'started';

-- The time filter of the audit log: received_at never goes back, so block ranges are enough and cost next to nothing.
CREATE INDEX entry_received_at_brin ON entry USING brin (received_at);

-- Payloads are stored as they are hashed; compressing text of half a kilobyte costs more than it saves.
ALTER TABLE entry_payload ALTER COLUMN payload SET STORAGE EXTERNAL;
