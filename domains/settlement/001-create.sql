create function total(amounts bigint[]) returns numeric language sql immutable as
  'select coalesce(sum(amount), 0) from unnest(amounts) as amount';

-- A journal entry, stored whole: each leg is an account and what it gets (less than zero: gives), all of one
-- currency.
create table entry (
  bucket int not null,
  id bigint not null,
  kind text collate "C" not null,
  -- The order or the shop whose bucket it lies in.
  cause bigint not null,
  order_id bigint not null,
  -- 0 where the order alone is the cause: a unique key takes two nulls for different.
  payment bigint not null,
  currency text collate "C" not null,
  accounts text[] not null,
  amounts bigint[] not null,
  -- When it happened; when it was posted is not asked by anybody.
  at timestamptz not null,
  primary key (bucket, id),
  constraint posted_once unique (bucket, kind, order_id, payment),
  constraint sums_to_zero check (total(amounts) = 0 and cardinality(amounts) = cardinality(accounts))
);
create index entry_by_id on entry (id);

-- What the entries of an account sum to: a projection, changed by the statement that posts and by nothing
-- else.
create table balance (
  bucket int not null,
  account text collate "C" not null,
  currency text collate "C" not null,
  amount bigint not null,
  changed_at timestamptz not null,
  primary key (bucket, account, currency)
);

-- Posts entries that were not posted yet, and changes the balances by just those. Balances are taken in the
-- order of their keys, so that two who post at once wait for each other and never both.
create function post(in_entries jsonb, in_now timestamptz) returns void language plpgsql as $$
begin
  insert into balance (bucket, account, currency, amount, changed_at)
  select distinct e.bucket, a.account collate "C", e.currency collate "C", 0, in_now
  from jsonb_to_recordset(in_entries) as e (bucket int, currency text, accounts text[])
    cross join lateral unnest(e.accounts) as a (account)
  order by 1, 2, 3
  on conflict do nothing;

  perform 1 from balance b
  where (b.bucket, b.account, b.currency) in (
    select e.bucket, a.account, e.currency
    from jsonb_to_recordset(in_entries) as e (bucket int, currency text, accounts text[])
      cross join lateral unnest(e.accounts) as a (account))
  order by b.bucket, b.account, b.currency for update;

  with posted as (
    insert into entry (bucket, id, kind, cause, order_id, payment, currency, accounts, amounts, at)
    select e.bucket, e.id, e.kind, e.cause, e.order_id, e.payment, e.currency, e.accounts, e.amounts, e.at
    from jsonb_to_recordset(in_entries) as e (bucket int, id bigint, kind text, cause bigint, order_id bigint,
      payment bigint, currency text, accounts text[], amounts bigint[], at timestamptz)
    on conflict do nothing
    returning bucket, currency, accounts, amounts
  ), changes as (
    select p.bucket, l.account, p.currency, sum(l.amount) as amount
    from posted p cross join lateral unnest(p.accounts, p.amounts) as l (account, amount)
    group by p.bucket, l.account, p.currency
  )
  update balance b set amount = b.amount + c.amount, changed_at = in_now
  from changes c where b.bucket = c.bucket and b.account = c.account and b.currency = c.currency;

  -- What was left out must be there for its cause; if another cause has its id, nothing may be posted at all.
  if exists (
    select 1 from jsonb_to_recordset(in_entries) as e (bucket int, kind text, order_id bigint, payment bigint)
      left join entry x on x.bucket = e.bucket and x.kind = e.kind and x.order_id = e.order_id
        and x.payment = e.payment
    where x.bucket is null
  ) then
    raise unique_violation using message = 'the id of an entry is taken', constraint = 'entry_pkey';
  end if;
end $$;
