create function total(parts bigint[]) returns numeric language sql immutable as
  'select coalesce(sum(part), 0) from unnest(parts) as part';

create table payment (
  bucket int not null,
  id bigint not null,
  checkout bigint not null,
  account bigint not null,
  provider text collate "C" not null,
  -- A digest of what was asked for, by which the same attempt asked again is found.
  asked text collate "C" not null,
  currency text collate "C" not null,
  amount bigint not null check (amount >= 0),
  -- Which part pays for which order.
  orders bigint[] not null,
  parts bigint[] not null,
  state text collate "C" not null check (state in ('pending', 'captured', 'failed')),
  version int not null,
  -- What every event of it tells: put together once, since no part of it ever changes.
  body jsonb not null,
  return_url text not null,
  provider_reference text,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  -- When the provider is asked next, while it is pending.
  ask_at timestamptz not null,
  primary key (bucket, id),
  constraint parts_sum check (total(parts) = amount and cardinality(parts) = cardinality(orders))
);
create unique index payment_pending on payment (bucket, checkout, asked) where state = 'pending';
create index payment_by_id on payment (id);
create index payment_to_ask on payment (ask_at) where state = 'pending';

-- The key lets an order be refunded once per payment, however often that is asked.
create table refund (
  bucket int not null,
  payment bigint not null,
  order_id bigint not null,
  amount bigint not null check (amount >= 0),
  reason text not null,
  state text collate "C" not null check (state in ('due', 'done')),
  tries int not null,
  try_at timestamptz not null,
  asked_at timestamptz not null,
  done_at timestamptz,
  primary key (bucket, payment, order_id)
);
create index refund_due on refund (try_at) where state = 'due';
