-- All of a buyer's rows lie in the buyer's bucket, so that one statement can place a checkout and one can pay it.
create table checkout (
  bucket int not null,
  id bigint not null,
  buyer bigint not null,
  -- Null once a checkout was given up without an answer: the key is free for another try.
  key text collate "C",
  body_hash text collate "C" not null,
  state text collate "C" not null check (state in ('placing', 'placed', 'undoing', 'undone')),
  -- The orders to be made, whole, with their ids and the ids of their reservations.
  plan jsonb not null,
  -- Why it was undone, for whoever asks again with the same key.
  refusal jsonb,
  from_cart boolean not null,
  placed_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (bucket, id),
  unique (bucket, buyer, key)
);
create index checkout_unfinished on checkout (changed_at) where state in ('placing', 'undoing');

create table orders (
  bucket int not null,
  id bigint not null,
  checkout bigint not null,
  buyer bigint not null,
  shop bigint not null,
  state text collate "C" not null
    check (state in ('pending', 'paid', 'shipped', 'received', 'closed', 'refunded')),
  version int not null,
  total bigint not null check (total >= 0),
  fee bigint not null check (fee between 0 and total),
  currency text collate "C" not null,
  payment bigint,
  pay_by timestamptz not null,
  changed_at timestamptz not null,
  -- What was promised, as the API shows it; never changed.
  doc jsonb not null,
  -- What every event of it tells.
  told jsonb not null,
  history jsonb not null,
  shipment jsonb,
  primary key (bucket, id),
  check (payment is not null or state in ('pending', 'closed'))
);
create index orders_of_buyer on orders (bucket, buyer, id desc);
create index orders_of_checkout on orders (bucket, checkout);
create index orders_unpaid on orders (pay_by) where state = 'pending';
create index orders_by_id on orders (id);

-- A shop's view of its orders, in the shop's bucket; follows order's own events.
create table shop_order (
  bucket int not null,
  shop bigint not null,
  id bigint not null,
  state text collate "C" not null,
  version int not null,
  primary key (bucket, shop, id)
);

-- Makes a checkout's orders and tells of them, if nobody has given the checkout up meanwhile. Whether it did.
create function place(in_bucket int, in_checkout bigint, in_at timestamptz) returns boolean language plpgsql as $$
declare
  planned jsonb;
begin
  update checkout c set state = 'placed', changed_at = in_at
  where c.bucket = in_bucket and c.id = in_checkout and c.state = 'placing'
  returning c.plan into planned;
  if not found then return false; end if;
  insert into orders (bucket, id, checkout, buyer, shop, state, version, total, fee, currency, pay_by, changed_at,
    doc, told, history)
  select in_bucket, p.id, in_checkout, p.buyer, p.shop, 'pending', 1, p.total, p.fee, p.currency, p.pay_by, in_at,
    p.doc, p.told, p.history
  from jsonb_to_recordset(planned) as p (id bigint, buyer bigint, shop bigint, total bigint, fee bigint, currency text,
    pay_by timestamptz, doc jsonb, told jsonb, history jsonb);
  insert into outbox (bucket, id, type, aggregate, version, at, body)
  select in_bucket, p.event, 'order.placed', p.id, 1, in_at, p.told
  from jsonb_to_recordset(planned) as p (id bigint, event bigint, told jsonb);
  return true;
end $$;
