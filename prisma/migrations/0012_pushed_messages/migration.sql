-- When a message to an agent was handed over last, where that was by socket: what went down with one comes again.
ALTER TABLE task_message ADD COLUMN pushed_at timestamptz(3);
