-- The entry with which a draft was offered, so that its reader finds it in the ledger. Null for drafts from before.
ALTER TABLE draft ADD COLUMN entry_seq bigint;
