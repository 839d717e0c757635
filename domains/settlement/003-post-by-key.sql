-- Whatever the tables held when a connection planned this, balances and entries are found by their keys: a plan made
-- while they were small read all balances for each posting.
alter function post_all(jsonb, timestamptz) set enable_mergejoin = off;
alter function post_all(jsonb, timestamptz) set enable_hashjoin = off;
alter function post_all(jsonb, timestamptz) set enable_seqscan = off;
