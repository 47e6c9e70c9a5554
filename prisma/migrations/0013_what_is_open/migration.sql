-- What is over is kept for ever and grows; what is open stays few, and is asked for every second, with each turn and each
-- command. Prisma cannot express partial indexes. Queries use them where they say the same condition.
CREATE INDEX conversation_open_idx ON conversation (workspace_id, server) WHERE phase <> 'stopped';
CREATE INDEX seat_followed_idx ON seat (workspace_id, server) WHERE taken OR gated;
CREATE INDEX turn_open_idx ON turn (workspace_id, server, agent_id, thread_key, position) WHERE state <> 'ended';
CREATE INDEX draft_open_idx ON draft (workspace_id, server) WHERE status = 'pending' OR dispatch IN ('undoable', 'dispatching');

-- The list of all drafts that have ended, newest first; that of one status has an index of its own.
CREATE INDEX draft_ended_idx ON draft (workspace_id, created_at, id) WHERE status <> 'pending';
