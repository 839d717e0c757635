-- What is carried next is found by time. Deleted rows stay in their pages until a vacuum; without this each look at the
-- outbox reads all of them.
create index outbox_by_id on outbox (id);
