-- What was put in after an order was placed is another wish: the order must not take it, however late it is heard of.
-- Null, or older than `added_at`, for what was not put in since this column is there.
alter table line add column put_at timestamptz;

-- As in 002, and says when.
create or replace function put_into_cart(
  p_bucket int, p_cart bigint, p_digest text, p_make boolean,
  p_sku bigint, p_quantity int, p_price bigint, p_currency text,
  p_at timestamptz, p_today date, p_most int)
returns table (outcome text, sku bigint, quantity int, price bigint, currency text, added_at timestamptz)
language plpgsql as $$
declare
  v_touched date;
  v_lines int;
  v_mixed boolean;
  v_known boolean;
begin
  for attempt in 1..2 loop
    select c.touched_on into v_touched from cart c
      where c.bucket = p_bucket and c.id = p_cart and c.secret_digest is not distinct from p_digest
        and c.merged_into is null
      for no key update;
    exit when found or not p_make or attempt = 2;
    insert into cart (bucket, id, secret_digest, touched_on) values (p_bucket, p_cart, p_digest, p_today)
      on conflict do nothing;
  end loop;
  if v_touched is null then
    outcome := 'unknown';
    return next;
    return;
  end if;
  select count(*), coalesce(bool_or(l.sku <> p_sku and l.currency <> p_currency), false),
      coalesce(bool_or(l.sku = p_sku), false)
    into v_lines, v_mixed, v_known from line l where l.bucket = p_bucket and l.cart = p_cart;
  if v_mixed or (v_lines >= p_most and not v_known) then
    outcome := case when v_mixed then 'mixed' else 'full' end;
    return next;
    return;
  end if;
  if v_known then
    update line l set quantity = p_quantity, price = p_price, currency = p_currency, put_at = p_at
      where l.bucket = p_bucket and l.cart = p_cart and l.sku = p_sku;
  else
    insert into line (bucket, cart, sku, quantity, price, currency, added_at, put_at)
      values (p_bucket, p_cart, p_sku, p_quantity, p_price, p_currency, p_at, p_at);
  end if;
  if v_touched < p_today then
    update cart c set touched_on = p_today where c.bucket = p_bucket and c.id = p_cart;
  end if;
  return query select 'put', l.sku, l.quantity, l.price, l.currency, l.added_at from line l
    where l.bucket = p_bucket and l.cart = p_cart order by l.added_at, l.sku;
end $$;

-- As take_each of 002 (which processes of the version before still call), of lines put in by the time each order was
-- placed.
create function take_placed(
  in_at timestamptz, in_buckets int[], in_accounts bigint[], in_orders bigint[], in_placed timestamptz[],
  in_skus bigint[], in_quantities int[]
) returns void language plpgsql as $$
declare
  fresh bigint[];
begin
  perform 1 from cart c where (c.bucket, c.id) in (select * from unnest(in_buckets, in_accounts))
    order by c.bucket, c.id for no key update;
  with new as (
    insert into taken (bucket, account, checkout, at)
    select distinct bucket, account, bought, in_at
    from unnest(in_buckets, in_accounts, in_orders) as o (bucket, account, bought) order by 1, 2, 3
    on conflict do nothing returning checkout
  )
  select array_agg(checkout) into fresh from new;
  if fresh is null then return; end if;
  with bought as (
    select l.bucket, l.cart, l.sku, sum(o.quantity)::int as quantity
    from unnest(in_buckets, in_accounts, in_orders, in_placed, in_skus, in_quantities)
      as o (bucket, account, bought, placed, sku, quantity)
    join line l on l.bucket = o.bucket and l.cart = o.account and l.sku = o.sku
    where o.bought = any(fresh) and greatest(l.put_at, l.added_at) <= o.placed
    group by 1, 2, 3
  ), emptied as (
    delete from line l using bought b
    where l.bucket = b.bucket and l.cart = b.cart and l.sku = b.sku and l.quantity <= b.quantity
  )
  update line l set quantity = l.quantity - b.quantity from bought b
  where l.bucket = b.bucket and l.cart = b.cart and l.sku = b.sku and l.quantity > b.quantity;
end $$;
