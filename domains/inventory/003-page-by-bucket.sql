-- Ids carry the bucket of their row, so pages in the order of (bucket, id) need no index of their own.
drop index reservation_by_id;
