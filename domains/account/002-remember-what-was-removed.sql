-- Which addresses an account had and removed: who repeats the command is told that it is done. Kept as long as
-- idempotency keys are.
create table removed_address (
  bucket int not null,
  account bigint not null,
  id bigint not null,
  at timestamptz not null,
  primary key (bucket, account, id)
);
create index removed_address_by_time on removed_address (at);
