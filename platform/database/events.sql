-- In every domain's schema: events on their way out, on their way in, and what has been applied.
-- They lie in the bucket of the state they guard, so that they commit, move and split with it.

create table outbox (
  bucket int not null,
  id bigint not null,
  type text collate "C" not null,
  aggregate bigint not null,
  version int not null,
  at timestamptz not null,
  body jsonb not null,
  primary key (bucket, id)
);

create table inbox (
  bucket int not null,
  source text collate "C" not null,
  aggregate bigint not null,
  version int not null,
  id bigint not null,
  type text collate "C" not null,
  at timestamptz not null,
  body jsonb not null,
  primary key (bucket, source, aggregate, version)
);

-- The last version of each aggregate that was applied here. A repeat is at or below it, a gap above it by more
-- than one.
create table applied (
  bucket int not null,
  source text collate "C" not null,
  aggregate bigint not null,
  version int not null,
  primary key (bucket, source, aggregate)
);
