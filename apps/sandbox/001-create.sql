-- The sandbox is one company with one small database: nothing here is split.
create table charge (
  reference text collate "C" primary key,
  -- The sandbox's own name for it.
  id text collate "C" not null,
  amount bigint not null check (amount >= 0),
  currency text collate "C" not null,
  state text collate "C" not null check (state in ('captured', 'declined')),
  refunded bigint not null check (refunded between 0 and amount),
  changed_at timestamptz not null
);

-- What shops are still to be told. A row is deleted when the shop has answered 2xx, or nobody did for three
-- days.
create table callback (
  id text collate "C" primary key,
  body text not null,
  made_at timestamptz not null,
  due_at timestamptz not null,
  tries int not null
);
create index callback_due on callback (due_at);

create table refund (
  key text collate "C" primary key,
  reference text collate "C" not null,
  amount bigint not null check (amount >= 0),
  made_at timestamptz not null
);
