-- What is known of the times at which a Letta server started anew: no turn of before has lived through that, and it must
-- be known after a restart of Parley, too. seen_at: when it was last well · is_down: nobody answers there · returned_at:
-- when it was found again after that · unseen_until: the end of a time in which nobody looked.
ALTER TABLE letta_server
  ADD COLUMN seen_at timestamptz(3),
  ADD COLUMN is_down boolean,
  ADD COLUMN returned_at timestamptz(3),
  ADD COLUMN unseen_until timestamptz(3);
