-- What has ended is listed newest first, one status at a time.
CREATE INDEX draft_workspace_id_status_created_at_id_idx ON draft (workspace_id, status, created_at, id);
