-- Where the reading of what all agents of a server say stands, so that nothing of what they said to each other while no
-- Parley ran is left out.
ALTER TABLE letta_server ADD COLUMN tail_cursor text;
