-- Ids carry the bucket of their row, so pages in the order of (bucket, id) need no index of their own.
drop index orders_by_id;

-- A plan and an order's documents fit into a page as they are: compressing them, and keeping them in a table beside,
-- costs more than it saves.
alter table checkout set (toast_tuple_target = 8160);
alter table orders set (toast_tuple_target = 8160);
