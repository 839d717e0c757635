-- A buyer's cart has the account's id and bucket; a guest's has an id of its own in a bucket drawn at random.
-- Its row lines up whoever changes its lines, so that the limit of lines and the one currency hold.
create table cart (
  bucket int not null,
  id bigint not null,
  -- Of the secret in a guest's token. A buyer's cart has none.
  secret_digest text collate "C",
  -- A day, not a moment, so that most edits leave the index alone.
  touched_on date not null,
  -- Whom a guest's cart is being merged into: from then on nobody changes it. `merged_at`: when that was
  -- done.
  merged_into bigint,
  merged_at timestamptz,
  primary key (bucket, id)
);
create index guest_cart_by_day on cart (touched_on) where secret_digest is not null;
create index half_merged_cart on cart (bucket) where merged_into is not null and merged_at is null;

create table line (
  bucket int not null,
  cart bigint not null,
  sku bigint not null,
  quantity int not null check (quantity between 1 and 999),
  -- What it cost when it was last put in.
  price bigint not null,
  currency text collate "C" not null,
  added_at timestamptz not null,
  primary key (bucket, cart, sku)
);

-- Guests' carts that were copied into a buyer's, in the bucket of the buyer.
create table merged (
  bucket int not null,
  account bigint not null,
  guest bigint not null,
  at timestamptz not null,
  primary key (bucket, account, guest)
);
create index merged_by_time on merged (at);

-- Checkouts whose lines were taken out, in the bucket of the buyer.
create table taken (
  bucket int not null,
  account bigint not null,
  checkout bigint not null,
  at timestamptz not null,
  primary key (bucket, account, checkout)
);
create index taken_by_time on taken (at);

-- Functions because each step must see what was committed while the one before waited for the cart's row; a
-- single statement sees what was there when it began.

-- Says how many of a SKU are wanted. Answers 'put' with all lines of the cart, or without any: 'full',
-- 'mixed' (another currency), 'unknown' (no such cart, or not with that secret, or merged).
create function put_line(
  p_bucket int, p_cart bigint, p_digest text, p_make boolean,
  p_sku bigint, p_quantity int, p_price bigint, p_currency text,
  p_at timestamptz, p_today date, p_most int)
returns table (outcome text, sku bigint, quantity int, price bigint, currency text, added_at timestamptz)
language plpgsql as $$
declare
  v_touched date;
begin
  if p_make then
    insert into cart (bucket, id, secret_digest, touched_on) values (p_bucket, p_cart, p_digest, p_today)
      on conflict do nothing;
  end if;
  select c.touched_on into v_touched from cart c
    where c.bucket = p_bucket and c.id = p_cart and c.secret_digest is not distinct from p_digest
      and c.merged_into is null
    for no key update;
  if not found then
    outcome := 'unknown';
    return next;
    return;
  end if;
  if exists (select from line l where l.bucket = p_bucket and l.cart = p_cart
      and l.sku <> p_sku and l.currency <> p_currency) then
    outcome := 'mixed';
    return next;
    return;
  end if;
  update line l set quantity = p_quantity, price = p_price, currency = p_currency
    where l.bucket = p_bucket and l.cart = p_cart and l.sku = p_sku;
  if not found then
    if (select count(*) from line l where l.bucket = p_bucket and l.cart = p_cart) >= p_most then
      outcome := 'full';
      return next;
      return;
    end if;
    insert into line (bucket, cart, sku, quantity, price, currency, added_at)
      values (p_bucket, p_cart, p_sku, p_quantity, p_price, p_currency, p_at);
  end if;
  if v_touched < p_today then
    update cart c set touched_on = p_today where c.bucket = p_bucket and c.id = p_cart;
  end if;
  return query select 'put', l.sku, l.quantity, l.price, l.currency, l.added_at from line l
    where l.bucket = p_bucket and l.cart = p_cart order by l.added_at, l.sku;
end $$;

-- Closes a guest's cart for everybody but the account that merges it, and answers with its lines. An empty
-- one is merged by that.
create function seal_cart(
  p_bucket int, p_cart bigint, p_digest text, p_account bigint, p_at timestamptz, p_today date)
returns table (sku bigint, quantity int, price bigint, currency text, added_at timestamptz)
language plpgsql as $$
begin
  update cart c set merged_into = p_account, touched_on = p_today
    where c.bucket = p_bucket and c.id = p_cart and c.secret_digest = p_digest
      and c.merged_at is null and coalesce(c.merged_into, p_account) = p_account;
  if not found then
    return;
  end if;
  return query select l.sku, l.quantity, l.price, l.currency, l.added_at from line l
    where l.bucket = p_bucket and l.cart = p_cart;
  if not found then
    update cart c set merged_at = p_at where c.bucket = p_bucket and c.id = p_cart;
  end if;
end $$;

-- Copies a sealed cart's lines into a buyer's cart, once: the larger quantity wins; what would break the
-- limit or the one currency stays out, the latest first.
create function merge_lines(
  p_bucket int, p_account bigint, p_guest bigint,
  p_skus bigint[], p_quantities int[], p_prices bigint[], p_currencies text[], p_added timestamptz[],
  p_at timestamptz, p_today date, p_most int)
returns void language plpgsql as $$
declare
  v_currency text;
  v_room int;
begin
  insert into cart (bucket, id, touched_on) values (p_bucket, p_account, p_today) on conflict do nothing;
  perform 1 from cart c where c.bucket = p_bucket and c.id = p_account for no key update;
  insert into merged (bucket, account, guest, at) values (p_bucket, p_account, p_guest, p_at)
    on conflict do nothing;
  if not found then
    return;
  end if;
  select coalesce(max(l.currency), p_currencies[1]), p_most - count(*) into v_currency, v_room
    from line l where l.bucket = p_bucket and l.cart = p_account;
  update line l set quantity = greatest(l.quantity, g.quantity)
    from unnest(p_skus, p_quantities) as g (sku, quantity)
    where l.bucket = p_bucket and l.cart = p_account and l.sku = g.sku;
  insert into line (bucket, cart, sku, quantity, price, currency, added_at)
    select p_bucket, p_account, g.sku, g.quantity, g.price, g.currency, g.added_at
    from unnest(p_skus, p_quantities, p_prices, p_currencies, p_added)
      as g (sku, quantity, price, currency, added_at)
    where g.currency = v_currency and not exists (
      select from line l where l.bucket = p_bucket and l.cart = p_account and l.sku = g.sku)
    order by g.added_at, g.sku limit v_room;
end $$;

-- Takes what a checkout bought out of a buyer's cart, once. The skus are distinct.
create function take_lines(
  p_bucket int, p_account bigint, p_checkout bigint, p_skus bigint[], p_quantities int[], p_at timestamptz)
returns void language plpgsql as $$
begin
  perform 1 from cart c where c.bucket = p_bucket and c.id = p_account for no key update;
  insert into taken (bucket, account, checkout, at) values (p_bucket, p_account, p_checkout, p_at)
    on conflict do nothing;
  if not found then
    return;
  end if;
  delete from line l using unnest(p_skus, p_quantities) as t (sku, quantity)
    where l.bucket = p_bucket and l.cart = p_account and l.sku = t.sku and l.quantity <= t.quantity;
  update line l set quantity = l.quantity - t.quantity from unnest(p_skus, p_quantities) as t (sku, quantity)
    where l.bucket = p_bucket and l.cart = p_account and l.sku = t.sku and l.quantity > t.quantity;
end $$;
