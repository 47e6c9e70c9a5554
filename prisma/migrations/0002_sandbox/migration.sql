-- State of the sandbox, the small Letta-shaped server inside Parley (lib/server/letta/sandbox).
-- It has a schema of its own: nothing else in Parley reads these tables, and dropping the schema forgets the sandbox.
-- `body` columns are json, not jsonb: jsonb refuses U+0000 and lone surrogates, which agents' texts may contain.

CREATE SCHEMA IF NOT EXISTS sandbox;

-- Order of messages, runs and all else, as in the real server: dates are too coarse to sort by.
CREATE SEQUENCE sandbox.line;

CREATE TABLE sandbox.agent (
  workspace_id    uuid        NOT NULL,
  id              text        NOT NULL,
  line            bigint      NOT NULL DEFAULT nextval('sandbox.line'),
  name            text        NOT NULL,
  model           text        NOT NULL,
  tags            text[]      NOT NULL,
  hidden          boolean     NOT NULL,
  -- Ids of what the model is shown, oldest first. Two turns at once overwrite each other here, as in the real server.
  message_ids     text[]      NOT NULL,
  tool_rules      json        NOT NULL,
  settings        json        NOT NULL,
  last_stop_reason text,
  created_at      timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE sandbox.block (
  workspace_id uuid        NOT NULL,
  id           text        NOT NULL,
  line         bigint      NOT NULL DEFAULT nextval('sandbox.line'),
  label        text        NOT NULL,
  value        text        NOT NULL,
  char_limit   integer     NOT NULL,
  description  text,
  read_only    boolean     NOT NULL,
  metadata     json        NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE sandbox.agent_block (
  workspace_id uuid   NOT NULL,
  agent_id     text   NOT NULL,
  block_id     text   NOT NULL,
  line         bigint NOT NULL DEFAULT nextval('sandbox.line'),
  PRIMARY KEY (workspace_id, agent_id, block_id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES sandbox.agent (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, block_id) REFERENCES sandbox.block (workspace_id, id) ON DELETE CASCADE
);

CREATE TABLE sandbox.tool (
  workspace_id uuid        NOT NULL,
  id           text        NOT NULL,
  line         bigint      NOT NULL DEFAULT nextval('sandbox.line'),
  name         text        NOT NULL,
  tool_type    text        NOT NULL,
  default_requires_approval boolean,
  body         json        NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, name)
);

CREATE TABLE sandbox.agent_tool (
  workspace_id uuid   NOT NULL,
  agent_id     text   NOT NULL,
  tool_id      text   NOT NULL,
  line         bigint NOT NULL DEFAULT nextval('sandbox.line'),
  PRIMARY KEY (workspace_id, agent_id, tool_id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES sandbox.agent (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, tool_id) REFERENCES sandbox.tool (workspace_id, id) ON DELETE CASCADE
);

CREATE TABLE sandbox.conversation (
  workspace_id    uuid        NOT NULL,
  id              text        NOT NULL,
  line            bigint      NOT NULL DEFAULT nextval('sandbox.line'),
  agent_id        text        NOT NULL,
  summary         text,
  model           text,
  message_ids     text[]      NOT NULL,
  last_message_at timestamptz,
  deleted         boolean     NOT NULL DEFAULT false,
  created_at      timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES sandbox.agent (workspace_id, id) ON DELETE CASCADE
);

CREATE TABLE sandbox.run (
  workspace_id    uuid        NOT NULL,
  id              text        NOT NULL,
  line            bigint      NOT NULL DEFAULT nextval('sandbox.line'),
  agent_id        text        NOT NULL,
  conversation_id text,
  background      boolean     NOT NULL,
  status          text        NOT NULL,
  stop_reason     text,
  run_type        text        NOT NULL,
  -- Why the run failed: a text, or what a stream was told.
  error           json,
  created_at      timestamptz NOT NULL,
  completed_at    timestamptz,
  step_ids        text[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES sandbox.agent (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX run_by_line ON sandbox.run (workspace_id, line);
CREATE INDEX run_by_agent ON sandbox.run (workspace_id, agent_id, line);

CREATE TABLE sandbox.message (
  workspace_id    uuid        NOT NULL,
  id              text        NOT NULL,
  line            bigint      NOT NULL DEFAULT nextval('sandbox.line'),
  agent_id        text        NOT NULL,
  conversation_id text,
  run_id          text,
  step_id         text,
  created_at      timestamptz NOT NULL,
  body            json        NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES sandbox.agent (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX message_by_line ON sandbox.message (workspace_id, line);
CREATE INDEX message_by_agent ON sandbox.message (workspace_id, agent_id, line);
CREATE INDEX message_by_run ON sandbox.message (workspace_id, run_id, line);
